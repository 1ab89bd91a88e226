-- Secrets of authenticators are kept sealed: a byte of the version, the key's name, and AES-256-GCM over twenty bytes.

-- Rows of before are sealed by `backend migrate` straight after this, because no SQL has the key; until then they
-- cannot be changed, and nothing can be written in the clear from here on.
ALTER TABLE staff
    ADD CONSTRAINT staff_code_secret_is_sealed
        CHECK (octet_length(code_secret) = 53 AND get_byte(code_secret, 0) = 1) NOT VALID,
    ADD CONSTRAINT staff_pending_secret_is_sealed
        CHECK (octet_length(pending_secret) = 53 AND get_byte(pending_secret, 0) = 1) NOT VALID;
