"""E-mail by SMTP. A second try carries the same Message-ID, by which mailboxes know it."""

from __future__ import annotations

import re
import smtplib
from email.utils import parseaddr

from django.core.mail import EmailMessage, get_connection

from minqing.notify.carriers.base import Message, Misconfigured, NotTaken, Refused, setting
from minqing.notify.enums import Channel

SECONDS = 15
# "5.1.1 no such user", and what 5.1 says of the sender
ENHANCED = re.compile(r"\s*5\.(\d{1,3})\.(\d{1,3})\b")
ABOUT_SENDER = frozenset({(1, 7), (1, 8)})
# how servers without such codes say that it is about us
OURS = re.compile(
    r"relay|authenti|sender|spam|blacklist|blocklist|blocked|policy|not permitted|rdns|reverse|spf|dkim|\bip\b", re.I
)
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
    """Raises Refused where the server will never take this receiver, NotTaken for all else: a second try does no harm.

    Only an answer to RCPT speaks of the receiver, and of those that refuse for good (5xx) only some do: the others, and
    every answer to sign-in, sender or content, are about this deployment, and true of all its messages.
    """
    try:
        mail.send()
    except smtplib.SMTPRecipientsRefused as error:
        answers = list(error.recipients.values())
        code = answers[0][0]
        raise (Refused if all(about_receiver(*one) for one in answers) else lasting(code))(f"smtp_{code}") from None
    except smtplib.SMTPSenderRefused as error:
        raise lasting(error.smtp_code)(f"smtp_sender_{error.smtp_code}") from None
    except smtplib.SMTPResponseException as error:
        raise lasting(error.smtp_code)(f"smtp_{error.smtp_code}") from None
    except smtplib.SMTPNotSupportedError:
        raise Misconfigured("smtp_not_supported") from None
    except (OSError, smtplib.SMTPException):
        raise NotTaken("unreachable") from None


def lasting(code: int) -> type[NotTaken]:
    """5xx does not pass by itself."""
    return Misconfigured if 500 <= code < 600 else NotTaken


def about_receiver(code: int, text: bytes | str) -> bool:
    """Whether an answer to RCPT says that there is no such mailbox, and not who may send to it, or from where.

    RFC 5321 4.2.3 and RFC 3463: 5.1.x is the address, 5.2.x the mailbox; 5.1.7 and 5.1.8 are the sender's address,
    5.7.x is policy and sign-in. Without such a code, 550, 551, 553 and 501 are taken as said of the address.
    """
    said = text.decode(errors="replace") if isinstance(text, bytes) else text
    enhanced = ENHANCED.match(said)
    if not 500 <= code < 600:
        return False
    if enhanced:
        subject, detail = int(enhanced[1]), int(enhanced[2])
        return subject in {1, 2} and (subject, detail) not in ABOUT_SENDER
    return code in {501, 550, 551, 553} and not OURS.search(said)
