//! JSON read as the API's document says it: what has named fields is an object, never a list of their values.

use serde::{
    Deserializer,
    de::{
        DeserializeOwned, Error as _, IntoDeserializer, Unexpected, Visitor,
        value::{MapDeserializer, SeqDeserializer},
    },
    forward_to_deserialize_any,
};
use serde_json::{Error, Value};

/// Refuses JSON that is a `T` only because its derived reader takes a list for an object.
pub fn check_shape<T: DeserializeOwned>(json: &[u8]) -> Result<(), Error> {
    if json.contains(&b'[') {
        T::deserialize(Shaped(serde_json::from_slice(json)?))?;
    }
    Ok(())
}

/// A value that reads as an object where one with named fields is wanted.
struct Shaped(Value);

impl<'de> Deserializer<'de> for Shaped {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.0 {
            Value::Array(items) => {
                visitor.visit_seq(SeqDeserializer::new(items.into_iter().map(Shaped)))
            }
            Value::Object(fields) => {
                let fields = fields.into_iter().map(|(name, value)| (name, Shaped(value)));
                visitor.visit_map(MapDeserializer::new(fields))
            }
            plain => plain.deserialize_any(visitor),
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        if self.0.is_array() {
            return Err(Error::invalid_type(Unexpected::Seq, &visitor));
        }
        self.deserialize_any(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        if self.0.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.0.deserialize_enum(name, variants, visitor)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit
        unit_struct seq tuple tuple_struct map identifier ignored_any
    }
}

impl IntoDeserializer<'_, Error> for Shaped {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

#[cfg(test)]
mod tests {
    use api_types::{AddLines, Money, OpenCart, admin::RegionCountry};

    use super::*;

    #[test]
    fn a_list_is_no_object_however_deep() {
        let is_right = |json: &str| {
            serde_json::from_str::<OpenCart>(json).is_ok()
                && check_shape::<OpenCart>(json.as_bytes()).is_ok()
        };
        assert!(is_right("{}"));
        assert!(is_right(r#"{"country":"DE","lines":[]}"#));
        assert!(is_right(
            r#"{"lines":[{"variant_id":"var_00000000000000000000000000000007","quantity":1}]}"#
        ));
        assert!(!is_right("[null,null]"));
        assert!(!is_right(r#"{"lines":[["var_00000000000000000000000000000007",1]]}"#));
        assert!(check_shape::<Money>(br#"[5,"EUR"]"#).is_err());
    }

    #[test]
    fn what_is_a_list_stays_one() {
        let lines =
            br#"{"lines":[{"variant_id":"var_00000000000000000000000000000007","quantity":1}]}"#;
        let country = br#"{"code":"US","title":"United States","states":[["CA","California"]]}"#;

        assert!(check_shape::<AddLines>(lines).is_ok());
        assert!(check_shape::<RegionCountry>(country).is_ok());
        assert!(check_shape::<Option<Vec<i32>>>(b"[1,2]").is_ok());
    }
}
