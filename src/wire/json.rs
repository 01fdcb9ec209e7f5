//! Our messages as JSON text. Not by `JSON.stringify`: that asks every object
//! for a `toJSON`, and to build the object would call whatever setter the page
//! has put on `Object.prototype`, with a card number in its hands.

use serde::ser::{
    Error, Impossible, Serialize, SerializeMap, SerializeSeq, SerializeStruct, Serializer,
};
use std::fmt::{self, Display};

/// `None` for what no message of ours has: floats, tuples, keys that are no text.
pub fn text<T: Serialize + ?Sized>(message: &T) -> Option<String> {
    let mut text = String::new();
    message.serialize(Writer(&mut text)).ok()?;
    Some(text)
}

#[derive(Debug)]
struct Unfit;

impl Display for Unfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("no message has this")
    }
}

impl std::error::Error for Unfit {}

impl Error for Unfit {
    fn custom<T: Display>(_: T) -> Self {
        Unfit
    }
}

struct Writer<'a>(&'a mut String);

impl<'a> Writer<'a> {
    fn put(self, text: &str) -> Result<(), Unfit> {
        self.0.push_str(text);
        Ok(())
    }

    fn open(self, bracket: char, end: char) -> Parts<'a> {
        self.0.push(bracket);
        Parts {
            text: self.0,
            end,
            first: true,
        }
    }
}

/// A list or an object that has been begun.
struct Parts<'a> {
    text: &'a mut String,
    end: char,
    first: bool,
}

impl Parts<'_> {
    fn value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Unfit> {
        value.serialize(Writer(self.text))
    }

    fn next(&mut self) {
        if !std::mem::take(&mut self.first) {
            self.text.push(',');
        }
    }

    fn close(self) -> Result<(), Unfit> {
        self.text.push(self.end);
        Ok(())
    }
}

fn quote(text: &mut String, value: &str) {
    text.push('"');
    for letter in value.chars() {
        match letter {
            '"' | '\\' => text.extend(['\\', letter]),
            '\0'..='\x1f' => {
                let code = u32::from(letter);
                text.push_str("\\u00");
                text.extend(
                    [code >> 4, code & 15].map(|digit| char::from_digit(digit, 16).unwrap_or('0')),
                );
            }
            _ => text.push(letter),
        }
    }
    text.push('"');
}

/// Whole numbers, of each width.
macro_rules! numbers {
    ($($name:ident: $type:ty),*) => {
        $(fn $name(self, value: $type) -> Result<(), Unfit> { self.put(&value.to_string()) })*
    };
}

impl<'a> Serializer for Writer<'a> {
    type Ok = ();
    type Error = Unfit;
    type SerializeSeq = Parts<'a>;
    type SerializeTuple = Impossible<(), Unfit>;
    type SerializeTupleStruct = Impossible<(), Unfit>;
    type SerializeTupleVariant = Impossible<(), Unfit>;
    type SerializeMap = Parts<'a>;
    type SerializeStruct = Parts<'a>;
    type SerializeStructVariant = Impossible<(), Unfit>;

    numbers!(
        serialize_i8: i8, serialize_i16: i16, serialize_i32: i32, serialize_i64: i64,
        serialize_u8: u8, serialize_u16: u16, serialize_u32: u32, serialize_u64: u64
    );

    fn serialize_bool(self, value: bool) -> Result<(), Unfit> {
        self.put(if value { "true" } else { "false" })
    }

    fn serialize_str(self, value: &str) -> Result<(), Unfit> {
        quote(self.0, value);
        Ok(())
    }

    fn serialize_char(self, value: char) -> Result<(), Unfit> {
        self.serialize_str(value.encode_utf8(&mut [0; 4]))
    }

    fn serialize_none(self) -> Result<(), Unfit> {
        self.put("null")
    }

    fn serialize_unit(self) -> Result<(), Unfit> {
        self.put("null")
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<(), Unfit> {
        self.put("null")
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Unfit> {
        value.serialize(self)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<(), Unfit> {
        value.serialize(self)
    }

    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
    ) -> Result<(), Unfit> {
        self.serialize_str(variant)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Parts<'a>, Unfit> {
        Ok(self.open('[', ']'))
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Parts<'a>, Unfit> {
        Ok(self.open('{', '}'))
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Parts<'a>, Unfit> {
        Ok(self.open('{', '}'))
    }

    fn serialize_f32(self, _: f32) -> Result<(), Unfit> {
        Err(Unfit)
    }

    fn serialize_f64(self, _: f64) -> Result<(), Unfit> {
        Err(Unfit)
    }

    fn serialize_bytes(self, _: &[u8]) -> Result<(), Unfit> {
        Err(Unfit)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<(), Unfit> {
        Err(Unfit)
    }

    fn serialize_tuple(self, _: usize) -> Result<Self::SerializeTuple, Unfit> {
        Err(Unfit)
    }

    fn serialize_tuple_struct(
        self,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleStruct, Unfit> {
        Err(Unfit)
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, Unfit> {
        Err(Unfit)
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant, Unfit> {
        Err(Unfit)
    }
}

impl SerializeSeq for Parts<'_> {
    type Ok = ();
    type Error = Unfit;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Unfit> {
        self.next();
        self.value(value)
    }

    fn end(self) -> Result<(), Unfit> {
        self.close()
    }
}

impl SerializeMap for Parts<'_> {
    type Ok = ();
    type Error = Unfit;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Unfit> {
        self.next();
        let start = self.text.len();
        self.value(key)?;
        let is_text = self.text.as_bytes().get(start) == Some(&b'"');
        is_text.then_some(()).ok_or(Unfit)
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Unfit> {
        self.text.push(':');
        self.value(value)
    }

    fn end(self) -> Result<(), Unfit> {
        self.close()
    }
}

impl SerializeStruct for Parts<'_> {
    type Ok = ();
    type Error = Unfit;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        key: &'static str,
        value: &T,
    ) -> Result<(), Unfit> {
        SerializeMap::serialize_entry(self, key, value)
    }

    fn end(self) -> Result<(), Unfit> {
        self.close()
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::text;
    use serde_json::{Value, from_str, json};

    #[test]
    fn what_is_written_is_read_as_it_was() {
        let message = json!({
            "texts": ["", "\"\\/", "\0\u{1f}\n\r\t\u{7f}", "\u{2028}💳İ\u{202e}"],
            "numbers": [0, -1, i64::MIN, u64::MAX],
            "\"key\"\n": {"null": null, "true": true, "false": false, "empty": [{}, []]},
        });
        let written = text(&message).expect("a message");
        assert_eq!(from_str::<Value>(&written).expect("JSON"), message);
    }

    #[test]
    fn what_no_message_has_is_not_written() {
        assert_eq!(text(&0.5), None);
        assert_eq!(text(&(1, 2)), None);
        assert_eq!(text(&std::collections::BTreeMap::from([(1, 2)])), None);
    }
}
