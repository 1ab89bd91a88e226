-- The currency that a shopper chose for a cart, so that it stays when the cart goes to another country.

ALTER TABLE cart ADD COLUMN chosen_currency text
    CONSTRAINT cart_chosen_currency_is_a_code CHECK (chosen_currency ~ '^[A-Z]{3}$');

-- Whether anything is delivered to a country for prices in a currency.
CREATE FUNCTION delivers_for(to_country text, in_currency text) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT
        FROM shipping_zone_country
        JOIN shipping_method USING (shipping_zone_id)
        JOIN shipping_rate USING (shipping_method_id)
        WHERE shipping_zone_country.country = to_country AND shipping_rate.currency = in_currency
    )
$$;
