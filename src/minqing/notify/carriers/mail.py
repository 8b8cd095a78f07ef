"""E-mail by SMTP. A second try carries the same Message-ID, by which mailboxes know it."""

from __future__ import annotations

import smtplib
from email.utils import parseaddr

from django.core.mail import EmailMessage, get_connection

from minqing.notify.carriers.base import Message, NotTaken, Refused, setting
from minqing.notify.enums import Channel

SECONDS = 15
BACKEND = "django.core.mail.backends.smtp.EmailBackend"


class Mail:
    channel = Channel.EMAIL
    repeats_safely = True

    def send(self, message: Message) -> str:
        sender = setting("mail_from")
        domain = parseaddr(sender)[1].rpartition("@")[2]
        known = f"<{message.id}@{domain}>"
        mail = EmailMessage(
            subject=message.title,
            body=f"{message.body}\n\n{message.url}\n",
            from_email=sender,
            to=[message.to],
            connection=get_connection(
                BACKEND,
                host=setting("smtp_host"),
                port=setting("smtp_port"),
                username=setting("smtp_user"),
                password=setting("smtp_password"),
                use_tls=setting("smtp_security") == "starttls",
                use_ssl=setting("smtp_security") == "ssl",
                timeout=SECONDS,
            ),
            headers={"Message-ID": known, "Auto-Submitted": "auto-generated"},
        )
        deliver(mail)
        return known[:100]


def deliver(mail: EmailMessage) -> None:
    """Raises Refused for what the server will never take, NotTaken for all else: a second try does no harm."""
    try:
        mail.send()
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _text in error.recipients.values()]
        raise (Refused if all(code >= 500 for code in codes) else NotTaken)(f"smtp_{codes[0]}") from None
    except smtplib.SMTPAuthenticationError as error:
        raise NotTaken(f"smtp_{error.smtp_code}") from None
    except smtplib.SMTPResponseException as error:
        raise (Refused if 500 <= error.smtp_code < 600 else NotTaken)(f"smtp_{error.smtp_code}") from None
    except (OSError, smtplib.SMTPException):
        raise NotTaken("unreachable") from None
