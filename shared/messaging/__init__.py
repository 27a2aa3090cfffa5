"""The bus: events are kept with the change that caused them, sent until confirmed, kept by each receiver, and
then handled in a second transaction. Retry, order and dead letters live in each service's database; the broker
only moves bytes, so RabbitMQ and the embedded bus behave alike."""
