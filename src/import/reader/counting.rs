//! The numbers that Word and OpenDocument set before paragraphs: how one is written in a format, and which is next.

/// The number written in a format (`ST_NumberFormat` of ECMA-376); `None` for a format that is not known, or a number
/// that it cannot write.
pub(super) fn written(number: u32, format: &str) -> Option<String> {
    Some(match format {
        "decimal" => number.to_string(),
        "decimalZero" => format!("{number:02}"),
        "decimalFullWidth" | "decimalFullWidth2" => {
            let wide = |c: char| char::from_u32(u32::from(c) - u32::from('0') + u32::from('０'));
            number.to_string().chars().filter_map(wide).collect()
        }
        "chineseCounting"
        | "chineseCountingThousand"
        | "japaneseCounting"
        | "taiwaneseCounting"
        | "taiwaneseCountingThousand" => chinese(number)?,
        "ideographDigital" | "japaneseDigitalTenThousand" | "taiwaneseDigital" => {
            let digits = number.to_string();
            let digits = digits.chars().filter_map(|c| c.to_digit(10));
            digits.filter_map(digit).collect()
        }
        "decimalEnclosedCircle" | "decimalEnclosedCircleChinese" => {
            enclosed(number, &[(1, 20, '①'), (21, 35, '㉑'), (36, 50, '㊱')])?
        }
        "decimalEnclosedParen" => enclosed(number, &[(1, 20, '⑴')])?,
        "decimalEnclosedFullstop" => enclosed(number, &[(1, 20, '⒈')])?,
        "ideographEnclosedCircle" => enclosed(number, &[(1, 10, '㊀')])?,
        "lowerLetter" => letters(number, b'a')?,
        "upperLetter" => letters(number, b'A')?,
        "lowerRoman" => roman(number)?.to_lowercase(),
        "upperRoman" => roman(number)?,
        "none" | "bullet" => String::new(),
        _ => return None,
    })
}

fn digit(digit: u32) -> Option<char> {
    "〇一二三四五六七八九".chars().nth(digit as usize)
}

/// A number below ten thousand in Chinese, 十二 and 一百零三.
fn chinese(number: u32) -> Option<String> {
    if number == 0 || number > 9_999 {
        return (number == 0).then(|| "〇".to_owned());
    }
    let mut written = String::new();
    let mut skipped = false;
    for (unit, name) in [(1_000, "千"), (100, "百"), (10, "十"), (1, "")] {
        let value = number / unit % 10;
        if value == 0 {
            skipped = !written.is_empty();
            continue;
        }
        if skipped {
            written.push('零');
        }
        skipped = false;
        if !(unit == 10 && value == 1 && written.is_empty()) {
            written.push(digit(value)?);
        }
        written.push_str(name);
    }
    Some(written)
}

/// A number as one sign of a run of them.
fn enclosed(number: u32, runs: &[(u32, u32, char)]) -> Option<String> {
    let run = runs
        .iter()
        .find(|(first, last, _)| (*first..=*last).contains(&number))?;
    let sign = char::from_u32(u32::from(run.2) + number - run.0)?;
    Some(sign.to_string())
}

fn letters(number: u32, first: u8) -> Option<String> {
    let index = number.checked_sub(1)?;
    let letter = char::from(first + u8::try_from(index % 26).ok()?);
    let times = usize::try_from(index / 26 + 1).ok()?;
    (times <= 30).then(|| letter.to_string().repeat(times))
}

fn roman(mut number: u32) -> Option<String> {
    if !(1..4_000).contains(&number) {
        return None;
    }
    let signs = [
        (1_000, "M"),
        (900, "CM"),
        (500, "D"),
        (400, "CD"),
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ];
    let mut written = String::new();
    for (value, sign) in signs {
        while number >= value {
            written.push_str(sign);
            number -= value;
        }
    }
    Some(written)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_in_the_formats_of_chinese_files() {
        for (number, format, expected) in [
            (1, "chineseCounting", Some("一")),
            (10, "chineseCountingThousand", Some("十")),
            (12, "japaneseCounting", Some("十二")),
            (20, "taiwaneseCounting", Some("二十")),
            (103, "chineseCountingThousand", Some("一百零三")),
            (110, "chineseCountingThousand", Some("一百一十")),
            (2_005, "chineseCountingThousand", Some("二千零五")),
            (12, "ideographDigital", Some("一二")),
            (3, "decimalFullWidth", Some("３")),
            (3, "decimalEnclosedCircleChinese", Some("③")),
            (21, "decimalEnclosedCircle", Some("㉑")),
            (51, "decimalEnclosedCircle", None),
            (28, "upperLetter", Some("BB")),
            (14, "lowerRoman", Some("xiv")),
            (1, "hebrew1", None),
        ] {
            assert_eq!(written(number, format).as_deref(), expected, "{format}");
        }
    }
}
