//! Amounts: the platform counts the smallest units of a currency, people read decimal numbers.

use omnichat_core::messages::{Fact, FactLabel};

/// Currencies without smaller units; `XTR` are stars.
const WHOLE: &[&str] = &[
    "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV", "XAF",
    "XOF", "XPF", "XTR",
];
/// Currencies with a thousand smaller units.
const THOUSANDTHS: &[&str] = &["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"];

/// An amount of so many smallest units.
pub(super) fn amount(currency: &str, minor: i64) -> Fact {
    let digits = match currency {
        whole if WHOLE.contains(&whole) => 0,
        small if THOUSANDTHS.contains(&small) => 3,
        "TON" => 9,
        _ => 2,
    };
    Fact {
        currency: Some(currency.to_owned()),
        ..Fact::new(FactLabel::Amount, decimal(minor, digits))
    }
}

fn decimal(minor: i64, digits: usize) -> String {
    let sign = if minor < 0 { "-" } else { "" };
    let units = format!("{:0width$}", minor.unsigned_abs(), width = digits + 1);
    let (whole, rest) = units.split_at(units.len() - digits);
    match rest {
        "" => format!("{sign}{whole}"),
        rest => format!("{sign}{whole}.{rest}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_have_as_many_digits_as_their_currency() {
        for (currency, minor, expected) in [
            ("RUB", 129_900, "1299.00"),
            ("USD", 5, "0.05"),
            ("JPY", 500, "500"),
            ("XTR", 0, "0"),
            ("KWD", 1_250, "1.250"),
            ("TON", 1_500_000_000, "1.500000000"),
            ("EUR", -1_999, "-19.99"),
            ("RUB", i64::MIN, "-92233720368547758.08"),
        ] {
            assert_eq!(amount(currency, minor).text, expected, "{currency} {minor}");
        }
    }
}
