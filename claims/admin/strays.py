"""Lets the operations site try claims nobody could be found for again: only this app knows how to store a claim."""

from claims.services import strays
from tenants.web import retries

retries.offer(strays.retry)
