"""How staff, residents and other systems reach notify: each endpoint loads, handles or asks, and dumps."""

from services.notify.http import consents, contacts, disclosures, messages, questions, staff_notices
from services.notify.http.common import api

__all__ = ["api", "consents", "contacts", "disclosures", "messages", "questions", "staff_notices"]
