# 九树 Jiushu. `make` alone explains every target.
.DEFAULT_GOAL := help
SHELL := bash
PYTHON ?= python3
SERVICES := grid consultation property alliance notify
BIN := .venv/bin
T ?= tests
# most tests wait for processes, disks and servers: more workers than a small machine has cores
N ?= $(shell n=$$(nproc 2>/dev/null || echo 4); echo $$((n > 4 ? n : 4)))

##@ 两条命令 The two commands

.PHONY: demo test
demo: .venv/ready ## play the story of 金侨时代家园 on all five services (SQLite, no broker), and check it
	$(BIN)/jiushu demo

test: .venv/ready ## the whole suite; uses RabbitMQ and PostgreSQL where they answer  [T=tests/unit for a part, N=0 without workers]
	$(BIN)/pytest --numprocesses $(N) --dist loadfile --no-loadscope-reorder $(T)

##@ 运行 Run

.PHONY: run street token examples contracts
run: .venv/ready ## all five services in one process on http://127.0.0.1:8000, data in var/
	JIUSHU_LOG_FORMAT=$${JIUSHU_LOG_FORMAT:-text} $(BIN)/jiushu run

street: .venv/ready ## the whole demonstration street (11 communities, 15,220 households) into what runs there  [URL=http://127.0.0.1:8000]
	$(BIN)/jiushu demo-street $(URL)

examples: .venv/ready ## the examples in the OpenAPI documents anew, from what the demo sends and is answered
	$(BIN)/jiushu demo --examples services

token: .venv/ready ## a token to try the services with  [ROLE=street SCOPE=* SUBJECT=operator]
	@$(BIN)/jiushu token create --role $(or $(ROLE),street) --scope '$(or $(SCOPE),*)' --subject $(or $(SUBJECT),operator)

contracts: .venv/ready ## docs/contracts anew, from the registry of events
	$(BIN)/jiushu contracts export

##@ 部署 Deploy (docker compose; docs/operating/install.md)

.PHONY: up upgrade roll down logs smoke secrets preflight backup restore scale bundle stack faults-stack
secrets: ## the stack's passwords and keys that are missing, into deploy/secrets/
	@deploy/secrets.sh

up: secrets ## build and start the whole stack, and wait until it is healthy
	$(COMPOSE) up --detach --build --wait
	@echo "九树已启动 Jiushu is up: http://$$($(COMPOSE) port front 8080)/"

upgrade: secrets preflight ## build, migrate, and replace one service after the other, while the stack goes on
	$(COMPOSE) build
	@deploy/roll.sh

roll: ## the same without building: to the images of a tag, forward or back  [JIUSHU_VERSION=before]
	@deploy/roll.sh

down: ## stop the stack; its data stay
	$(COMPOSE) down

logs: ## what the stack says  [SERVICE=grid]
	$(COMPOSE) logs --follow --tail 100 $(SERVICE)

smoke: .venv/ready ## chain 1 on the running stack, through its front door  [URL=http://127.0.0.1:8080]
	JIUSHU_TOKEN_KEY_FILE=deploy/secrets/token_key $(BIN)/jiushu smoke $(or $(URL),http://127.0.0.1:8080)

preflight: ## what is wrong with the running stack, and how to mend it; before each upgrade
	@for service in $(SERVICES); do $(COMPOSE) exec -T $$service jiushu check --quiet $$service || exit 1; done

backup: ## all databases at one moment, keys and attachments, into deploy/backups/  [TO=folder]
	@deploy/backup.sh $(if $(TO),$(abspath $(TO)))

restore: ## a backup into an empty stack, and start it  [FROM=folder]
	@deploy/restore.sh $(abspath $(FROM))

scale: ## so many containers of one service, until the next `make up`  [SERVICE=notify N=3]
	$(COMPOSE) up --detach --no-deps --no-build --wait --scale $(SERVICE)=$(N) $(SERVICE)

bundle: ## all that an installation without the internet needs, in one folder  [TO=folder]
	@deploy/bundle.sh $(if $(TO),$(abspath $(TO)))

stack: .venv/ready ## try the running stack: the chain while parts are killed, a rolling restart, backup and restore; breaks what it finds
	JIUSHU_STACK=1 $(BIN)/pytest --timeout 900 $(or $(STACK),tests/stack)

faults-stack: .venv/ready ## chain 1 and the ledger while parts of the running stack are killed, cut off, away for minutes, or of another clock
	JIUSHU_STACK=1 $(BIN)/pytest --timeout 0 -s tests/stack/test_2_chain.py tests/stack/long

COMPOSE := docker compose --project-directory deploy

##@ 开发 Develop

.PHONY: check faults bench lint types architecture format lock clean
check: lint types architecture ## linters, types, and the architecture's contracts

faults: .venv/ready ## a long seeded plan of kills, cuts and crashes, and the ledger; 40 minutes  [SEED=1 replays one]
	JIUSHU_FAULTS=long $(if $(SEED),JIUSHU_FAULTS_SEED=$(SEED)) $(BIN)/pytest --timeout 0 -s tests/faults

bench: .venv/ready ## how fast the bus and grid are, into docs/benchmarks.md; 40 minutes on a quiet machine
	$(BIN)/python -W ignore -m tests.bench $(BENCH)

lint: .venv/ready ## ruff: rules and format
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: .venv/ready ## mypy
	$(BIN)/mypy shared $(SERVICES:%=services/%)

architecture: .venv/ready ## import-linter: which room may know which
	$(BIN)/lint-imports --no-logo

format: .venv/ready ## let ruff format everything
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lock: ## pin all dependencies anew, with hashes (needs uv on the PATH)
	$(UV_COMPILE) $(SERVICES:%=services/%/pyproject.toml) lock/build.in -o lock/services.txt
	$(UV_COMPILE) $(SERVICES:%=services/%/pyproject.toml) lock/build.in lock/dev.in -o lock/dev.txt

UV_COMPILE := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate \
	--no-emit-index-url --no-emit-package jiushu-shared --custom-compile-command "make lock"

clean: ## remove the environment and what tools leave behind; var/ stays
	rm -rf tests/contract/node/node_modules docs/how-to/examples/node_modules
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

##@ 帮助 Help

.PHONY: help
help: ## this text
	@awk 'BEGIN {FS = ":.*## "} \
		/^##@/ {printf "\n\033[1m%s\033[0m\n", substr($$0, 5)} \
		/^[a-z-]+:.*## / {printf "  \033[36m%-18s\033[0m %s\n", "make " $$1, $$2}' $(MAKEFILE_LIST)

# Pinned by hash; the services themselves are installed as they stand here.
.venv/ready: lock/dev.txt shared/pyproject.toml $(SERVICES:%=services/%/pyproject.toml)
	$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed, this is " + sys.version.split()[0] if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --disable-pip-version-check --progress-bar on --require-hashes -r lock/dev.txt
	$(BIN)/pip install --disable-pip-version-check --no-deps --no-build-isolation -e shared $(SERVICES:%=-e services/%)
	touch $@
