"""Keys and certificates of one run: an authority, and what it signs for 127.0.0.1 and localhost."""

import datetime
import ipaddress

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID


class Authority:
    """Signs certificates of a day, in files of one folder."""

    def __init__(self, folder):
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._key, self._name = _key(), _named("oxcart check")
        self.file = folder / "ca.crt"
        own = self._build(self._name, self._key).add_extension(x509.BasicConstraints(True, None), True)
        own = own.add_extension(_signs(), True)
        _write(self.file, own.sign(self._key, hashes.SHA256()))

    def _build(self, subject, key):
        now = datetime.datetime.now(datetime.UTC)
        return (
            x509.CertificateBuilder().subject_name(subject).issuer_name(self._name).public_key(key.public_key())
            .serial_number(x509.random_serial_number()).not_valid_before(now - datetime.timedelta(hours=1))
            .not_valid_after(now + datetime.timedelta(days=1))
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key()), False)
        )

    def sign(self, name, *hosts):
        """A certificate and its key, as files `name.crt` and `name.key`."""
        key = _key()
        names = [x509.DNSName(each) for each in ("localhost", name, *hosts)]
        names.append(x509.IPAddress(ipaddress.ip_address("127.0.0.1")))
        made = self._build(_named(name), key).add_extension(x509.SubjectAlternativeName(names), False)
        certificate, secret = self.folder / f"{name}.crt", self.folder / f"{name}.key"
        _write(certificate, made.sign(self._key, hashes.SHA256()))
        _write_key(secret, key)
        return certificate, secret


def key_file(path):
    """A private key alone, as service account tokens are signed with."""
    _write_key(path, _key())
    return path


def _key():
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def _named(name):
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _signs():
    used = dict.fromkeys(("digital_signature", "key_cert_sign", "crl_sign"), True)
    unused = ("content_commitment", "key_encipherment", "data_encipherment", "key_agreement", "encipher_only", "decipher_only")
    return x509.KeyUsage(**used, **dict.fromkeys(unused, False))


def _write(path, certificate):
    path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))


def _write_key(path, key):
    form = serialization.PrivateFormat.TraditionalOpenSSL
    path.touch(mode=0o600)
    path.write_bytes(key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption()))
