//! What the checkout form says, and what is wrong with it (pure).

use api_types::{
    Address, AddressId, Cart, CompleteCart, Country, Currency, Customer, CustomerAddress,
    FieldError, Money, PaymentChoice, ShippingMethodId, UpdateCart,
};
use serde::{Deserialize, Serialize};

use crate::texts;

/// The whole form, as it was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Typed {
    /// Where letters about the order go.
    pub email: String,
    /// Full name.
    pub name: String,
    /// Company.
    pub company: String,
    /// Street and number.
    pub line1: String,
    /// Flat, floor.
    pub line2: String,
    /// Town.
    pub city: String,
    /// State.
    pub region: String,
    /// Postal code.
    pub postal_code: String,
    /// Country code.
    pub country: String,
    /// Phone number.
    pub phone: String,
    /// A note to the shop.
    pub note: String,
    /// Id of the way to deliver.
    pub shipping: String,
    /// Code of the way to pay.
    pub payment: String,
    /// Which test card.
    pub card: String,
    /// The total that the button showed, minor units.
    pub total: String,
    /// Its currency.
    pub currency: String,
    /// Makes the purchase happen once.
    pub once: String,
    /// Id of the cart that the page showed.
    pub cart: String,
    /// Whether the customer wants the address kept: `yes`.
    pub keep: String,
    /// Which button: `update`, `continue`, `pay`, or `to:` and the id of an address that is kept.
    #[serde(rename = "do")]
    pub act: String,
}

/// A field of the form and what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wrong {
    /// Name of the field.
    pub field: String,
    /// What to do about it.
    pub message: String,
}

impl Typed {
    /// What the cart knows already.
    pub fn of(cart: &Cart) -> Self {
        Self {
            email: cart.email.clone().unwrap_or_default(),
            note: cart.note.clone().unwrap_or_default(),
            shipping: cart.shipping_method.map(|id| id.to_string()).unwrap_or_default(),
            cart: cart.id.to_string(),
            ..Self::default()
        }
        .at(cart.shipping_address.clone().unwrap_or_default())
        .in_country(&cart.country)
    }

    /// With that address typed in.
    #[must_use]
    pub fn at(self, address: Address) -> Self {
        Self {
            name: address.name,
            company: address.company.unwrap_or_default(),
            line1: address.line1,
            line2: address.line2.unwrap_or_default(),
            city: address.city,
            region: address.region.unwrap_or_default(),
            postal_code: address.postal_code.unwrap_or_default(),
            country: address.country,
            phone: address.phone.unwrap_or_default(),
            ..self
        }
    }

    /// With that country chosen.
    #[must_use]
    pub fn in_country(self, code: &str) -> Self {
        Self { country: code.to_owned(), ..self }
    }

    /// With what is known of the customer where the cart knows nothing yet: their own email, and
    /// the address they begin with when it is where the prices are for.
    #[must_use]
    pub fn known(mut self, customer: &Customer, addresses: &[CustomerAddress]) -> Self {
        if self.email.is_empty() {
            self.email.clone_from(&customer.email);
        }
        if !self.is_blank("line1") || !self.is_blank("name") {
            return self;
        }
        let first = addresses.iter().find(|kept| kept.is_default);
        match first.filter(|kept| kept.address.country == self.country) {
            Some(kept) => self.at(kept.address.clone()),
            None => Self { name: customer.name.clone(), ..self },
        }
    }

    /// The address that is kept which the customer wants to use.
    pub fn wanted(&self) -> Option<AddressId> {
        self.act.strip_prefix("to:")?.parse().ok()
    }

    /// What to save. The address goes along only when it is whole.
    pub fn change(&self, with_address: bool) -> UpdateCart {
        UpdateCart {
            email: some(&self.email),
            country: some(&self.country),
            currency: None,
            shipping_address: with_address.then(|| self.address()),
            note: Some(self.note.trim().to_owned()),
        }
    }

    /// Whether that field is empty.
    pub fn is_blank(&self, field: &str) -> bool {
        let mut fields = self.fields().into_iter();
        fields.any(|(name, value)| name == field && value.trim().is_empty())
    }

    /// All fields by name, always in this order.
    pub fn fields(&self) -> [(&'static str, &str); 20] {
        [
            ("email", &self.email),
            ("name", &self.name),
            ("company", &self.company),
            ("line1", &self.line1),
            ("line2", &self.line2),
            ("city", &self.city),
            ("region", &self.region),
            ("postal_code", &self.postal_code),
            ("country", &self.country),
            ("phone", &self.phone),
            ("note", &self.note),
            ("shipping", &self.shipping),
            ("payment", &self.payment),
            ("card", &self.card),
            ("total", &self.total),
            ("currency", &self.currency),
            ("once", &self.once),
            ("cart", &self.cart),
            ("keep", &self.keep),
            ("do", &self.act),
        ]
    }

    /// The address, trimmed.
    pub fn address(&self) -> Address {
        Address {
            name: self.name.trim().to_owned(),
            company: some(&self.company),
            line1: self.line1.trim().to_owned(),
            line2: some(&self.line2),
            city: self.city.trim().to_owned(),
            region: some(&self.region),
            postal_code: some(&self.postal_code),
            country: self.country.trim().to_owned(),
            phone: some(&self.phone),
        }
    }

    /// What must be filled in and is not.
    pub fn missing(&self, country: Option<&Country>) -> Vec<Wrong> {
        let postal = country.is_some_and(|country| country.needs_postal_code);
        let region = country.is_some_and(|country| !country.states.is_empty());
        [
            (true, &self.email, "email", texts::checkout_email_missing()),
            (true, &self.country, "country", texts::checkout_country_missing()),
            (true, &self.name, "name", texts::checkout_name_missing()),
            (true, &self.line1, "line1", texts::checkout_line1_missing()),
            (postal, &self.postal_code, "postal_code", texts::checkout_postal_code_missing()),
            (true, &self.city, "city", texts::checkout_city_missing()),
            (region, &self.region, "region", texts::checkout_region_missing()),
        ]
        .into_iter()
        .filter(|(is_needed, value, ..)| *is_needed && value.trim().is_empty())
        .map(|(_, _, field, message)| Wrong::new(field, message))
        .collect()
    }

    /// The chosen way to deliver.
    pub fn method(&self) -> Option<ShippingMethodId> {
        self.shipping.parse().ok()
    }

    /// The total that the button showed.
    pub fn seen(&self) -> Option<Money> {
        let currency: Currency = self.currency.parse().ok()?;
        Some(Money::new(self.total.parse().ok()?, currency))
    }

    /// What the shopper agreed to.
    pub fn order(&self, total: Money) -> CompleteCart {
        let payment = PaymentChoice {
            method: self.payment.clone(),
            token: some(&self.card).filter(|_| self.payment == "test"),
        };
        CompleteCart { expected_total: total, payment }
    }
}

impl Wrong {
    /// That field, with those words.
    pub fn new(field: &str, message: &str) -> Self {
        Self { field: field.to_owned(), message: message.to_owned() }
    }

    /// What the backend found wrong, at the field that it is about.
    pub fn of(error: &FieldError) -> Self {
        let last = error.pointer.rsplit('/').next().unwrap_or_default();
        let field = match last {
            "method_id" | "shipping_method" => "shipping",
            "method" => "payment",
            "token" => "card",
            "shipping_address" => "line1",
            known => known,
        };
        Self::new(field, &error.message)
    }

    /// Whether it is about the address.
    pub fn is_address(&self) -> bool {
        !matches!(self.field.as_str(), "email" | "note" | "shipping" | "payment" | "card")
    }
}

fn some(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed() -> Typed {
        Typed {
            email: " ann@example.com ".to_owned(),
            name: "Ann Example".to_owned(),
            line1: "Fir Road 1".to_owned(),
            city: "Berlin".to_owned(),
            postal_code: "10115".to_owned(),
            country: "DE".to_owned(),
            ..Typed::default()
        }
    }

    fn country(states: &[(&str, &str)]) -> Country {
        Country {
            code: "DE".to_owned(),
            title: "Germany".to_owned(),
            states: states.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect(),
            needs_postal_code: true,
            postal_code: None,
        }
    }

    #[test]
    fn a_whole_form_misses_nothing_and_is_sent_trimmed() {
        let change = typed().change(true);

        assert_eq!(typed().missing(Some(&country(&[]))), []);
        assert_eq!(change.email.as_deref(), Some("ann@example.com"));
        assert_eq!(change.shipping_address.unwrap().company, None);
    }

    #[test]
    fn a_customer_begins_with_their_own_address_where_the_prices_are_for() {
        let customer = Customer {
            id: "cus_0192f0c1d2e37a4bb5c6d7e8f9012345".parse().unwrap(),
            email: "ann@example.com".to_owned(),
            name: "Ann".to_owned(),
            wants_news: false,
            currency: None,
            has_password: true,
            created_at: chrono::DateTime::UNIX_EPOCH,
            version: 1,
        };
        let home = Address { country: "DE".to_owned(), ..typed().address() };
        let kept = [CustomerAddress {
            id: "addr_0192f0c1d2e37a4bb5c6d7e8f9012345".parse().unwrap(),
            is_default: true,
            address: home,
        }];
        let known = |country: &str| Typed::default().in_country(country).known(&customer, &kept);

        assert_eq!(known("DE").line1, "Fir Road 1");
        assert_eq!((known("FR").line1.as_str(), known("FR").name.as_str()), ("", "Ann"));
        assert_eq!(known("FR").email, "ann@example.com");
        let typed = Typed { email: "other@example.com".to_owned(), ..typed() };
        assert_eq!(typed.clone().known(&customer, &kept), typed);
    }

    #[test]
    fn what_a_country_needs_is_asked_for() {
        let typed = Typed { postal_code: " ".to_owned(), city: String::new(), ..typed() };
        let fields = |states: &[(&str, &str)]| {
            let missing = typed.missing(Some(&country(states)));
            missing.into_iter().map(|wrong| wrong.field).collect::<Vec<_>>()
        };

        assert_eq!(fields(&[]), ["postal_code", "city"]);
        assert_eq!(fields(&[("CA", "California")]), ["postal_code", "city", "region"]);
    }

    #[test]
    fn what_the_backend_points_at_is_found_on_the_form() {
        let at = |pointer: &str| {
            let error = FieldError {
                pointer: pointer.to_owned(),
                code: "invalid".to_owned(),
                message: "No.".to_owned(),
            };
            Wrong::of(&error).field
        };

        assert_eq!(at("/shipping_address/postal_code"), "postal_code");
        assert_eq!(at("/email"), "email");
        assert_eq!(at("/method_id"), "shipping");
        assert_eq!(at("/payment/method"), "payment");
    }

    #[test]
    fn a_card_goes_with_the_card_method_only() {
        let mut typed = typed();
        typed.card = "tok_ok".to_owned();
        let total = Money::new(100, Currency::EUR);

        typed.payment = "bank_transfer".to_owned();
        assert_eq!(typed.order(total).payment.token, None);
        typed.payment = "test".to_owned();
        assert_eq!(typed.order(total).payment.token.as_deref(), Some("tok_ok"));
    }

    #[test]
    fn the_total_that_was_seen_is_read_back() {
        let typed = Typed { total: "4580".to_owned(), currency: "EUR".to_owned(), ..typed() };

        assert_eq!(typed.seen(), Some(Money::new(4580, Currency::EUR)));
        assert_eq!(Typed { total: "x".to_owned(), ..typed }.seen(), None);
    }
}
