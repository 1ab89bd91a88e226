//! One newtype per kind of row: a uuid inside, a prefixed text outside.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use uuid::Uuid;

/// A text that is not an id of the kind asked for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected an id such as {prefix}_0192f0c1d2e37a4bb5c6d7e8f9012345")]
pub struct BadId {
    prefix: &'static str,
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident = $prefix:literal;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[cfg_attr(feature = "server", derive(sqlx::Type), sqlx(transparent))]
        pub struct $name(pub Uuid);

        impl $name {
            /// What the text form begins with, before the underscore.
            pub const PREFIX: &'static str = $prefix;

            /// A new id, later in order than those made before it.
            #[cfg(feature = "server")]
            #[must_use]
            #[expect(clippy::new_without_default, reason = "each one is different: a default would mislead")]
            pub fn new() -> Self {
                Self(Uuid::now_v7())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}_{}", Self::PREFIX, self.0.simple())
            }
        }

        impl FromStr for $name {
            type Err = BadId;

            fn from_str(text: &str) -> Result<Self, BadId> {
                text.strip_prefix(Self::PREFIX)
                    .and_then(|rest| rest.strip_prefix('_'))
                    .filter(|hex| hex.len() == 32)
                    .and_then(|hex| Uuid::try_parse(hex).ok())
                    .map(Self)
                    .ok_or(BadId { prefix: Self::PREFIX })
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                text.parse().map_err(D::Error::custom)
            }
        }

        #[cfg(feature = "server")]
        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
                utoipa::openapi::ObjectBuilder::new()
                    .schema_type(utoipa::openapi::schema::Type::String)
                    .pattern(Some(concat!("^", $prefix, "_[0-9a-f]{32}$")))
                    .description(Some(concat!("An id that begins with `", $prefix, "_`.")))
                    .into()
            }
        }

        #[cfg(feature = "server")]
        impl utoipa::ToSchema for $name {}
    )+};
}

ids! {
    /// A place that a customer has things sent to.
    AddressId = "addr";
    /// A program that works for the shop.
    ApiKeyId = "key";
    /// A basket.
    CartId = "cart";
    /// A shelf of the shop.
    CategoryId = "cat";
    /// Somebody with an account.
    CustomerId = "cus";
    /// A parcel.
    FulfilmentId = "ful";
    /// Work to be done in the background.
    JobId = "job";
    /// One variant in a basket.
    LineId = "line";
    /// A place where stock lies.
    LocationId = "loc";
    /// A picture.
    MediaId = "media";
    /// What was bought.
    OrderId = "ord";
    /// One variant in an order.
    OrderLineId = "oline";
    /// A key on a customer's device that signs in without a password.
    PasskeyId = "pass";
    /// Money for one order from one provider.
    PaymentId = "pay";
    /// A post of the journal.
    PostId = "post";
    /// Something the shop sells, in one or more variants.
    ProductId = "prod";
    /// Money that goes back.
    RefundId = "ref";
    /// Countries that share a currency and ways to pay and deliver.
    RegionId = "reg";
    /// A customer signed in on one device.
    SessionId = "ses";
    /// A way to deliver.
    ShippingMethodId = "ship";
    /// What a way to deliver costs within bands of weight and value.
    ShippingRateId = "srate";
    /// Countries that are delivered to alike.
    ShippingZoneId = "zone";
    /// Somebody who works for the shop.
    StaffId = "stf";
    /// Goods that are taxed alike.
    TaxClassId = "tax";
    /// A tax that a country or state takes on a class of goods.
    TaxRateId = "rate";
    /// One thing to put into a basket.
    VariantId = "var";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_reads_back_what_it_wrote() {
        let id = VariantId(Uuid::from_u128(7));

        assert_eq!(id.to_string(), "var_00000000000000000000000000000007");
        assert_eq!(id.to_string().parse(), Ok(id));
    }

    #[test]
    fn an_id_of_another_kind_or_shape_is_refused() {
        let other = ProductId(Uuid::from_u128(7)).to_string();

        for text in [
            other.as_str(),
            "",
            "var",
            "var_",
            "var_7",
            "var_0000000000000000000000000000000g",
            "VAR_1",
        ] {
            assert!(text.parse::<VariantId>().is_err(), "{text}");
        }
    }
}
