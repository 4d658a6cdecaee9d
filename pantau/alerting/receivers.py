"""The people of ISPs and kecamatan: a receiver and a route for each that has contacts.

Their routes stand before the NOC's and go on, so that an office's own people never hear less for it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pantau.alerting.base import Contacts, Settings
from pantau.inventory import Contact, Inventory, Isp, Kecamatan


@dataclass(frozen=True, slots=True)
class Recipient:
    """An ISP's NOC or a kecamatan's office, and how it is reached."""

    scope: str
    """The label that names it: `isp` or `kecamatan`."""
    id: str
    contacts: tuple[Contact, ...]
    uplinks: tuple[str, ...] = ()
    """Ids of those that an ISP runs: their alerts name the uplink alone, for it may carry others' hotspots too."""

    @property
    def receiver(self) -> str:
        """Its name in Alertmanager; the scope keeps an ISP and a kecamatan of the same id apart."""
        return f"{self.scope}-{self.id}"


def recipients_of(inventory: Inventory) -> Iterator[Recipient]:
    """Whoever can be notified: a telephone is for people to call, and an ISP that serves no more hears nothing."""
    serving: tuple[Isp, ...] = tuple(isp for isp in inventory.isps if isp.status != "ended")
    offices: list[tuple[str, Isp | Kecamatan]] = [("isp", isp) for isp in serving]
    offices += [("kecamatan", kecamatan) for kecamatan in inventory.kecamatan]
    for scope, office in offices:
        reachable = tuple(contact for contact in office.contacts if contact.kind != "phone")
        if reachable:
            run = tuple(uplink.id for uplink in inventory.uplinks if scope == "isp" and uplink.isp == office.id)
            yield Recipient(scope, office.id, reachable, run)


def routes_of(recipient: Recipient, contacts: Contacts) -> Iterator[Settings]:
    """From the labels of these people to their receiver; what they hear of stands in the base."""
    heard = contacts.isp if recipient.scope == "isp" else contacts.kecamatan
    ways = [[f'{recipient.scope}="{recipient.id}"', *heard]]
    if recipient.uplinks:
        ways.append([f'uplink=~"{"|".join(map(_literal, recipient.uplinks))}"', *contacts.uplink])
    for matchers in ways:
        yield {
            "receiver": recipient.receiver,
            "matchers": [*matchers, 'severity=~"page|ticket"'],
            "continue": True,
            "routes": contacts.routes,
        }


def _literal(id_: str) -> str:
    """The id in a regular expression: of an id's characters only the dot has another meaning there."""
    return id_.replace(".", "[.]")


def receiver_of(recipient: Recipient, contacts: Contacts) -> Settings:
    """The receiver with all their contacts."""
    receiver: dict[str, Any] = {"name": recipient.receiver}
    for contact in recipient.contacts:
        key, config = _config(contact, contacts)
        receiver.setdefault(key, []).append(config)
    return receiver


def _config(contact: Contact, contacts: Contacts) -> tuple[str, Settings]:
    match contact.kind:
        case "email":
            return "email_configs", {"to": contact.value, **contacts.email}
        case "telegram":
            return "telegram_configs", {"chat_id": int(contact.value), **contacts.telegram}
        case _:
            place = "url_file" if contact.value.startswith("/") else "url"
            # Whoever is told may answer with a redirection, and so send an alert to a service of ours after all.
            http = {**contacts.webhook.get("http_config", {}), "follow_redirects": False}
            return "webhook_configs", {place: contact.value, **contacts.webhook, "http_config": http}
