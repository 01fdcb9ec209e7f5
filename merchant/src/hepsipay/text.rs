//! Cuts and cleans texts to what Hepsipay's fields take (hepsipay.md §2).

/// The characters that a field takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    /// Everything but control characters.
    Text,
    /// `country`, `city`.
    Letters,
    /// `name`, `surname` of the customer, `name` of the shipping address.
    Words,
    /// `name` of the invoice address.
    Title,
    /// `address`.
    Address,
    /// `phonenumber`.
    Phone,
}

impl Takes {
    fn takes(self, letter: char) -> bool {
        match self {
            Takes::Text => !letter.is_control(),
            Takes::Letters => letter.is_alphabetic(),
            Takes::Words => letter.is_alphabetic() || letter == ' ',
            Takes::Title => letter.is_alphanumeric() || "&. ".contains(letter),
            Takes::Address => letter.is_alphanumeric() || "&.,/: ".contains(letter),
            Takes::Phone => letter.is_ascii_digit() || letter == '+',
        }
    }

    /// Letters of every alphabet are letters. What a field does not take becomes
    /// a blank, so that words stay apart; blanks are single, and none is left at
    /// an end. `longest` counts characters.
    pub fn fit(self, text: &str, longest: usize) -> String {
        let spaced: String = text
            .chars()
            .filter(|letter| !is_mark(*letter))
            .map(|letter| if self.takes(letter) { letter } else { ' ' })
            .collect();
        let gap = if self.takes(' ') { " " } else { "" };
        let whole = spaced.split_whitespace().collect::<Vec<_>>().join(gap);
        let cut: String = whole.chars().take(longest).collect();
        cut.trim_end().to_owned()
    }
}

/// A mark that belongs to the letter before it, as the dot of a decomposed İ.
fn is_mark(letter: char) -> bool {
    matches!(letter, '\u{300}'..='\u{36f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_and_cleaned_to_what_its_field_takes() {
        let cases = [
            (Takes::Words, 20, "Elif", "Elif"),
            (Takes::Words, 20, "ĞÜŞİÖÇ ğüşıöç", "ĞÜŞİÖÇ ğüşıöç"),
            (Takes::Words, 20, "I\u{307}nci", "Inci"),
            (
                Takes::Words,
                20,
                "  Ada-Su  O'Deneme 2. ",
                "Ada Su O Deneme",
            ),
            (
                Takes::Words,
                20,
                "Abdurrahmanoğlugillerden",
                "Abdurrahmanoğlugille",
            ),
            (Takes::Words, 4, "Ada Su", "Ada"),
            (Takes::Words, 20, "1234", ""),
            (Takes::Letters, 20, "İstanbul", "İstanbul"),
            (Takes::Letters, 20, "Kahraman-maraş 46", "Kahramanmaraş"),
            (
                Takes::Title,
                40,
                "Kaya & Oğlu A.Ş. (1923)",
                "Kaya & Oğlu A.Ş. 1923",
            ),
            (
                Takes::Address,
                500,
                "Çiçek Sok.\nNo:3/A, \"Üst\" kat",
                "Çiçek Sok. No:3/A, Üst kat",
            ),
            (Takes::Phone, 13, "+90 (555) 000 00-00", "+905550000000"),
            (Takes::Phone, 13, "0090 555 000 00 00 9", "0090555000000"),
            (
                Takes::Text,
                40,
                "Sipariş #1001 – kitap\u{0}",
                "Sipariş #1001 – kitap",
            ),
            (Takes::Text, 3, "", ""),
        ];
        for (takes, longest, text, fit) in cases {
            assert_eq!(takes.fit(text, longest), fit, "{takes:?} {text:?}");
        }
        let long = Takes::Address.fit(&"ş".repeat(600), 500);
        assert_eq!(long.chars().count(), 500);
    }
}
