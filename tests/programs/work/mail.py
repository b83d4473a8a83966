# A message with text, HTML, a picture and files, written and read again.
import email
import email.policy
import email.utils
from email.headerregistry import Address
from email.message import EmailMessage

message = EmailMessage()
message["Subject"] = "Grüße aus dem Ryokan – ☃ und mehr, so daß die Zeile umgebrochen werden muß, denn sie ist lang"
message["From"] = Address("Änne Müller", "aenne", "example.org")
message["To"] = (Address("Bob", "bob", "example.com"), Address("Zoë", "zoe", "example.net"))
message["Date"] = email.utils.format_datetime(email.utils.parsedate_to_datetime("Mon, 30 Nov 2026 08:00:00 +0100"))
message["Message-ID"] = "<1@example.org>"
message.set_content("Liebe Leute,\n\nanbei der Schlüssel zum Zimmer ☃.\n" + "lang " * 40 + "\n")
message.add_alternative("<p>Liebe <b>Leute</b> <img src='cid:pic'></p>", subtype="html")
message.get_payload()[1].add_related(bytes(range(256)), "image", "png", cid="<pic>")
message.add_attachment(b"\0\1\2" * 100, maintype="application", subtype="octet-stream", filename="schlüssel.bin")
message.add_attachment("a,b\n1,2\n", subtype="csv", filename="rooms.csv")
inner = EmailMessage()
inner["Subject"] = "inner"
inner.set_content("in")
message.add_attachment(inner)
for part in message.walk():
    if part.is_multipart():
        part.set_boundary("==%s==" % part.get_content_subtype())

raw = message.as_bytes()
print(len(raw), raw.isascii(), max(map(len, raw.splitlines())))
print(raw[:700].decode())
read = email.message_from_bytes(raw, policy=email.policy.default)
print(read["subject"] == message["subject"], read["from"].addresses[0].display_name, [a.addr_spec for a in read["to"].addresses])
print(read["date"].datetime.isoformat())
for part in read.walk():
    print(part.get_content_type(), part.get_filename(), part.get_content_disposition(), part.get("content-id"))
print(read.get_body(("plain",)).get_content()[:60])
print(read.get_body(("html",)).get_content().strip())
files = {part.get_filename(): part.get_content() for part in read.iter_attachments()}
print({name: (type(content).__name__, len(content) if not isinstance(content, EmailMessage) else content["subject"]) for name, content in files.items()})
print(files["schlüssel.bin"] == b"\0\1\2" * 100, files["rooms.csv"])
print(read.defects, read.as_bytes() == raw)

# The old way, and what is broken.
old = email.message_from_string(
    "From: =?iso-8859-1?q?J=F6rg?= <j@example.org>\nTo: a@example.org,\n b@example.org\n"
    "Subject: =?utf-8?b?4piD?= =?us-ascii?q?_x?=\nContent-Type: text/plain; charset=\"latin-1\"\n"
    "Content-Transfer-Encoding: quoted-printable\n\ncaf=E9 =\nau lait=3D\n"
)
print(email.utils.parseaddr(old["from"]), email.header.make_header(email.header.decode_header(old["subject"])))
print(old.get_payload(decode=True), email.utils.getaddresses(old.get_all("to")))
broken = email.message_from_string("Content-Type: multipart/mixed; boundary=x\n\n--x\n\nnever closed", policy=email.policy.default)
print([type(defect).__name__ for defect in broken.defects], [part.get_payload() for part in broken.iter_parts()])
