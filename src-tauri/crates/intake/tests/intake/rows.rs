//! What rows of each layout come to, and what is said of those that are refused.

use crate::common::{options, read, read_with};
use barrow_intake::{ColumnUse, Delimiter, Encoding, Form, IntakeError, NumberFormat, Options};
use barrow_model::{CellIssueKind, Condition, Field, ImageSource, Layout, Row, RowKind};

fn skus(rows: &[Row]) -> Vec<&str> {
    rows.iter()
        .map(|row| row.sku.as_ref().map_or("", |sku| sku.as_str()))
        .collect()
}

#[test]
fn each_mistake_refuses_its_row_with_line_column_and_value() {
    let check = |column: &str, value: &str, expected: CellIssueKind| {
        let text = format!("sku,title,{column}\nA-1,Good,\nA-2,Bad,\"{value}\"\nA-3,Good,\n");
        let found = read(&text);
        assert_eq!(skus(&found.rows), ["A-1", "A-3"], "{column} {value}");
        assert_eq!((found.records, found.refused), (3, 1));
        let [issue] = found.issues.as_slice() else {
            panic!("one issue, not {:?}", found.issues);
        };
        assert_eq!(issue.line.0, 3);
        assert_eq!(issue.column.as_deref(), Some(column));
        assert_eq!(issue.value, value);
        assert_eq!(issue.kind, expected);
        assert!(issue.refuses);
    };
    check("price", "-5", CellIssueKind::Negative);
    check("price", "free", CellIssueKind::NotAnAmount);
    let expected = "USD".to_owned();
    check(
        "price",
        "5 €",
        CellIssueKind::Currency {
            expected: expected.clone(),
        },
    );
    check(
        "Price (EUR)",
        "5",
        CellIssueKind::Currency {
            expected: expected.clone(),
        },
    );
    check("currency", "EUR", CellIssueKind::Currency { expected });
    check("Qty", "1.5", CellIssueKind::NotWhole);
    check("Qty", "-1", CellIssueKind::Negative);
    check("Qty", "few", CellIssueKind::NotANumber);
    check(
        "UPC",
        "012345678906",
        CellIssueKind::GtinCheckDigit { expected: 5 },
    );
    check("UPC", "8.85909E+11", CellIssueKind::GtinRounded);
    check("UPC", "12345", CellIssueKind::GtinInvalid);
    check("Condition", "shiny", CellIssueKind::ConditionUnknown);
    check("Weight", "3 stone", CellIssueKind::MeasureInvalid);
    check("Weight", "-3 lb", CellIssueKind::Negative);
    check("Length", "wide", CellIssueKind::MeasureInvalid);
    check("Image", "https://", CellIssueKind::ImageInvalid);
    check(
        "Image",
        "ftp://a.example/b.jpg",
        CellIssueKind::ImageInvalid,
    );
    check("parts", "B-1:0", CellIssueKind::NotWhole);
}

#[test]
fn rows_as_a_whole_are_refused() {
    let check = |rows: &str, line: u64, expected: CellIssueKind| {
        let found = read(&format!("sku,title\n{rows}"));
        let [issue] = found.issues.as_slice() else {
            panic!("one issue, not {:?}", found.issues);
        };
        assert_eq!(
            (issue.line.0, &issue.kind, issue.refuses),
            (line, &expected, true)
        );
        assert_eq!(found.refused, 1);
    };
    let first_line = 2;
    check(
        "A,x\nB,y\nA,z\n",
        4,
        CellIssueKind::SkuDuplicate { first_line },
    );
    check(",x\n", 2, CellIssueKind::SkuMissing);
    check("A,x,surplus\n", 2, CellIssueKind::TooManyCells);
    check(
        &format!("{},x\n", "A".repeat(101)),
        2,
        CellIssueKind::SkuInvalid,
    );
    check("A,x\nB,\"open\nC,z\n", 3, CellIssueKind::QuoteUnclosed);
}

#[test]
fn an_open_quotation_mark_costs_its_own_line() {
    let found = read("sku,title\nA,x\nB,\"24 inch\nC,z\nD,\"fine, \"\"so\"\"\"\n");
    assert_eq!(skus(&found.rows), ["A", "C", "D"]);
    assert_eq!(found.rows[2].title.as_deref(), Some("fine, \"so\""));
    assert_eq!(found.rows[2].line.0, 5);
}

#[test]
fn a_blank_is_never_zero() {
    let found = read("sku,title,price,qty,weight,cost\nA,,,,,\n,,,,,\n");
    assert_eq!(found.rows.len(), 1);
    let row = &found.rows[0];
    assert_eq!((row.price, row.quantity, row.cost), (None, None, None));
    assert_eq!((&row.weight, &row.title), (&None, &None));
    assert!(found.issues.is_empty());
}

#[test]
fn barcode_numbers_that_a_spreadsheet_damaged_are_repaired_and_told() {
    let found = read("sku,title,upc\nA,x,12345678905\nB,y,012345678905.0\nC,z,=\"012345678905\"\n");
    let gtins: Vec<_> = found
        .rows
        .iter()
        .map(|r| r.gtin.map(|g| g.as_written()))
        .collect();
    assert_eq!(gtins, vec![Some("012345678905".to_owned()); 3]);
    let taken_for = "012345678905".to_owned();
    let repaired = CellIssueKind::GtinRepaired { taken_for };
    let told: Vec<_> = found
        .issues
        .iter()
        .map(|i| (i.line.0, &i.kind, i.refuses))
        .collect();
    assert_eq!(told, [(2, &repaired, false), (3, &repaired, false)]);
}

#[test]
fn encodings_and_delimiters_are_told_by_the_file() {
    let check = |bytes: &[u8], encoding: Encoding, delimiter: char| {
        let found = read_with(bytes, &options("EUR"), 10).expect("a file that can be read");
        assert_eq!(
            (found.mapping.encoding, found.mapping.delimiter),
            (encoding, delimiter)
        );
        assert_eq!(found.rows.len(), 2, "{:?}", found.issues);
        assert_eq!(found.rows[0].title.as_deref(), Some("Stuhl, weiß"));
        assert_eq!(found.rows[0].price.map(|m| m.minor), Some(123_450));
        assert_eq!(found.rows[1].title.as_deref(), Some("Tisch\r\nrund"));
    };
    let text = "SKU;Bezeichnung;Preis\r\nA;Stuhl, weiß;1.234,50 €\r\nB;\"Tisch\r\nrund\";9,95\r\n";
    let wide = |bytes: fn(u16) -> [u8; 2]| -> Vec<u8> {
        let marked = "\u{FEFF}".chars().chain(text.chars()).collect::<String>();
        marked.encode_utf16().flat_map(bytes).collect()
    };
    let marked = format!("\u{FEFF}{text}");
    let western: Vec<u8> = text
        .chars()
        .map(|c| match c {
            '€' => 0x80,
            'ß' => 0xDF,
            c => c as u8,
        })
        .collect();
    check(text.as_bytes(), Encoding::Utf8, ';');
    check(marked.as_bytes(), Encoding::Utf8, ';');
    check(&wide(u16::to_le_bytes), Encoding::Utf16Le, ';');
    check(&wide(u16::to_be_bytes), Encoding::Utf16Be, ';');
    check(&wide(u16::to_le_bytes)[2..], Encoding::Utf16Le, ';');
    check(&western, Encoding::Windows1252, ';');
    check(text.replace(';', "\t").as_bytes(), Encoding::Utf8, '\t');
    check(format!("sep=;\r\n{text}").as_bytes(), Encoding::Utf8, ';');
    let commas = text.replace("Stuhl, weiß", "\"Stuhl, weiß\"");
    let commas = commas
        .replace("1.234,50 €", "\"1.234,50 €\"")
        .replace("9,95", "\"9,95\"");
    check(commas.replace(';', ",").as_bytes(), Encoding::Utf8, ',');
}

#[test]
fn what_a_person_says_of_the_form_goes_before_what_the_file_tells() {
    let read = |bytes: &[u8], form: Form| {
        let said = Options {
            form,
            ..options("USD")
        };
        read_with(bytes, &said, 10).map(|found| {
            let row = found.rows.into_iter().next().expect("a row");
            (row.title, row.price.map(|price| price.minor))
        })
    };
    let encoded = |encoding| Form {
        encoding: Some(encoding),
        ..Form::GUESSED
    };
    let check = |bytes: &[u8], encoding, expected: &str| {
        let (title, _) = read(bytes, encoded(encoding)).expect("a file that can be read");
        assert_eq!(title.as_deref(), Some(expected), "{encoding:?}");
    };
    let line = |title: &[u8]| [b"sku,title\nA,", title, b"\n"].concat();
    check(&line(b"\xB4\xFA\xB8\xD5"), Encoding::Big5, "測試");
    check(&line(b"\xB2\xE2\xCA\xD4"), Encoding::Gb18030, "测试");
    check(&line(b"\x83\x65\x83\x58"), Encoding::ShiftJis, "テス");
    check(&line(b"\xC5\xD7\xBD\xBA"), Encoding::EucKr, "테스");
    check(&line(b"\xA3\xF3d\x9F"), Encoding::Windows1250, "Łódź");
    check(&line(b"\xD2\xE5\xF1\xF2"), Encoding::Windows1251, "Тест");
    check("\u{FEFF}sku,title\nA,ß\n".as_bytes(), Encoding::Utf8, "ß");

    let parted = |delimiter, numbers| Form {
        delimiter: Some(delimiter),
        numbers: Some(numbers),
        ..Form::GUESSED
    };
    let mug = b"sku;title;price\nA;Mug;1,230\n";
    let check = |numbers, expected: i64| {
        let found = read(mug, parted(Delimiter::Semicolon, numbers)).expect("a row");
        assert_eq!(found, (Some("Mug".to_owned()), Some(expected)));
    };
    check(NumberFormat::Point, 123_000);
    check(NumberFormat::Comma, 123);
    let unknown = read(mug, parted(Delimiter::Bar, NumberFormat::Point));
    assert_eq!(
        unknown.expect_err("no column is known").problem_code(),
        "file_no_header"
    );
}

#[test]
fn windows_1252_is_noticed_beyond_the_beginning_too() {
    let mut bytes = b"sku,title\n".to_vec();
    for number in 0..20_000 {
        bytes.extend(format!("SKU-{number},plain text\n").bytes());
    }
    bytes.extend(b"LAST,wei\xDF\n");
    let found = read_with(&bytes, &options("USD"), 5000).expect("a file that can be read");
    assert_eq!(found.rows.len(), 20_001);
    assert_eq!(found.rows[20_000].title.as_deref(), Some("weiß"));
    assert_eq!(found.rows[20_000].line.0, 20_002);
}

#[test]
fn bytes_that_are_no_text_refuse_their_row() {
    let bytes = b"sku,title\nA,caf\xC3\xA9 \xC3\xBC\nB,bro\xFFken\nC,fine\n";
    let found = read_with(bytes, &options("USD"), 10).expect("a file that can be read");
    assert_eq!(skus(&found.rows), ["A", "C"]);
    assert_eq!(found.issues[0].kind, CellIssueKind::Undecodable);
    assert_eq!(found.issues[0].column.as_deref(), Some("title"));
}

#[test]
fn a_cell_of_ten_megabytes_is_refused_and_the_rest_goes_on() {
    let check = |size: usize, quote: &str| {
        let large = "x\n".repeat(size / 2);
        let large = if quote.is_empty() {
            large.replace('\n', "y")
        } else {
            large
        };
        let breaks = large.matches('\n').count() as u64;
        let text = format!("sku,title\nA,a\nB,{quote}{large}{quote}\nC,c\n");
        let found = read(&text);
        assert_eq!(skus(&found.rows), ["A", "C"], "{size}");
        let issue = &found.issues[0];
        assert_eq!((issue.line.0, issue.column.as_deref()), (3, Some("title")));
        let limit = 1 << 20;
        assert_eq!(issue.kind, CellIssueKind::CellTooLarge { limit });
        assert_eq!(found.rows[1].line.0, 4 + breaks);
    };
    check(10 << 20, "");
    check(10 << 20, "\"");
    check(2 << 20, "\"");
}

#[test]
fn files_that_are_no_catalogue_are_errors_with_a_reason() {
    let check = |bytes: &[u8], code: &str| {
        let found = read_with(bytes, &options("USD"), 10);
        assert_eq!(found.err().map(|error| error.problem_code()), Some(code));
    };
    check(b"", "file_empty");
    check(b" \r\n\r\n", "file_empty");
    check(b"PK\x03\x04rest", "file_not_csv");
    check(b"%PDF-1.7", "file_not_csv");
    check(b"\x89PNG\r\n", "file_not_csv");
    check(b"{\"a\": 1}", "file_not_csv");
    check(b"<!DOCTYPE html><html>", "file_not_csv");
    check(&[0, 1, 2, 3, 0, 0, 7, 9, 0, 200], "file_not_csv");
    check(
        b"A-1,Blue shirt,9.99\nA-2,Red shirt,9.99\n",
        "file_no_header",
    );
    check(b"\xFF\xFE\0\0s\0\0\0", "file_encoding");
    check(b"sku,title\nA,\xA4\x81\xA7\x90\xB0\xD3\n", "file_encoding");
    check("sku,".repeat(3000).as_bytes(), "file_too_many_columns");
    for (path, code) in [
        ("/no/such/file.csv", "file_not_found"),
        ("/", "file_is_directory"),
    ] {
        let found = barrow_intake::open(path.as_ref(), &options("USD"));
        assert_eq!(found.err().map(|error| error.problem_code()), Some(code));
    }
}

#[test]
fn columns_are_recognised_in_several_languages_and_what_is_ignored_is_said() {
    let check = |header: &str, field: Field| {
        let text = format!("sku,title,{header}\n");
        let text = if field == Field::Title {
            format!("sku,{header}\n")
        } else {
            text
        };
        let columns = read(&text).mapping.columns;
        let found = columns.last().map(|column| column.taken_for.clone());
        assert_eq!(found, Some(ColumnUse::Field(field)), "{header}");
    };
    check("Produktname", Field::Title);
    check("Preço de venda", Field::Price);
    check("Bestand", Field::Quantity);
    check("庫存", Field::Quantity);
    check("Código de barras", Field::Gtin);
    check("Gewicht (g)", Field::Weight);
    check("weight_oz", Field::Weight);
    check("Package Length (cm)", Field::Length);
    check("Marque", Field::Brand);
    check("compare_at", Field::CompareAt);
    check("UPC/EAN", Field::Gtin);
    check("Image URL", Field::Images);

    let found = read("sku,title,Weight,Shelf,Weight (kg)\nA,x,10.7 pounds,7,\nB,y,2,,\n");
    let ignored: Vec<_> = found.mapping.ignored().collect();
    assert_eq!(ignored, ["Shelf", "Weight (kg)"]);
    let weight = &found.mapping.columns[2];
    assert_eq!(
        (weight.unit.as_deref(), weight.unit_assumed),
        (Some("lb"), true)
    );
    assert_eq!(found.mapping.numbers, NumberFormat::Point);
    let weights: Vec<_> = found.rows.iter().filter_map(|row| row.weight).collect();
    assert_eq!(weights[0].value().to_string(), "10.7");
    assert_eq!(weights[0].unit(), weights[1].unit());
}

#[test]
fn columns_are_mapped_by_hand() {
    let text = "Code X,Thing,Farbton\nA,Chair,Red\n";
    let mut by_hand = options("USD");
    by_hand.mapping = vec![
        ("Code X".into(), ColumnUse::Field(Field::Sku)),
        ("thing".into(), ColumnUse::parse("title").expect("a field")),
        (
            "Farbton".into(),
            ColumnUse::parse("attribute:Colour").expect("an attribute"),
        ),
    ];
    let found = read_with(text.as_bytes(), &by_hand, 10).expect("a file that can be read");
    assert_eq!(skus(&found.rows), ["A"]);
    assert_eq!(found.rows[0].title.as_deref(), Some("Chair"));
    assert_eq!(found.rows[0].attributes["Colour"], ["Red"]);

    by_hand.mapping = vec![("Nope".into(), ColumnUse::Field(Field::Sku))];
    let found = read_with(text.as_bytes(), &by_hand, 10);
    assert!(matches!(found, Err(IntakeError::ColumnUnknown { .. })));
}

#[test]
fn defaults_fill_blank_cells_and_nothing_else() {
    let mut given = options("USD");
    given.defaults = vec![
        (Field::Quantity, "10".into()),
        (Field::Condition, "new".into()),
        (Field::Description, "Soon, \"more\"".into()),
        (Field::Images, "https://a.example/1.jpg".into()),
        (Field::Weight, "1 lb".into()),
    ];
    let text = "sku,title,qty,condition\nA,x,0,used\nB,y,,\n";
    let found = read_with(text.as_bytes(), &given, 10).expect("a file that can be read");
    let [a, b] = found.rows.as_slice() else {
        panic!("two rows");
    };
    assert_eq!((a.quantity, a.condition), (Some(0), Some(Condition::Good)));
    assert_eq!((b.quantity, b.condition), (Some(10), Some(Condition::New)));
    assert_eq!(b.description.as_deref(), Some("Soon, \"more\""));
    let image = ImageSource::Url("https://a.example/1.jpg".into());
    assert_eq!(b.images.product, [image]);
    assert!(a.weight.is_some());

    let check = |field: Field, value: &str| {
        let mut wrong = options("USD");
        wrong.defaults = vec![(field, value.into())];
        let error = read_with(text.as_bytes(), &wrong, 10).expect_err("a wrong default");
        assert!(matches!(error, IntakeError::DefaultInvalid { field: f, .. } if f == field));
    };
    check(Field::Quantity, "-1");
    check(Field::Condition, "shiny");
    check(Field::Price, "");
    check(Field::Sku, "A");
    check(Field::Currency, "EUR");
}

#[test]
fn shopify_rows_of_one_product_belong_together_however_they_are_batched() {
    let text = "Handle,Title,Option1 Name,Option1 Value,Variant SKU,Variant Price,Variant Grams,\
                Image Src,Variant Image,Gift Card,Type,Variant Barcode\n\
                tee,Tee,Size,S,T-S,10,0,https://a.example/1.jpg,,false,Shirts,'012345678905\n\
                tee,,,M,,11,200,https://a.example/2.jpg,https://a.example/m.jpg,,,\n\
                tee,,,,,,,https://a.example/3.jpg,,,,\n\
                card,Card,Title,Default Title,GC,10,0,,,true,,\n\
                mug,Mug,Title,Default Title,,5,,,,false,,\n";
    for batch in [1, 2, 3, 100] {
        let options = options("USD");
        let found = read_with(text.as_bytes(), &options, batch).expect("a file that can be read");
        assert_eq!(found.mapping.layout, Layout::Shopify);
        assert_eq!(skus(&found.rows), ["T-S", "tee-m", "mug"], "{batch}");
        let [small, medium, mug] = found.rows.as_slice() else {
            panic!("three rows");
        };
        assert_eq!(small.images.product.len(), 2);
        assert_eq!(medium.images.product.len(), 1);
        assert_eq!(medium.images.variant.len(), 1);
        assert_eq!(medium.options, [("Size".to_owned(), "M".to_owned())]);
        assert_eq!((small.weight, medium.weight.is_some()), (None, true));
        assert_eq!(small.category.as_deref(), Some(&["Shirts".to_owned()][..]));
        assert!(small.gtin.is_some());
        assert!(mug.options.is_empty() && mug.sku_derived);
        let found_kind = found.issues.iter().map(|issue| issue.kind.clone());
        let unsupported = CellIssueKind::KindUnsupported {
            found: "gift card".into(),
        };
        assert_eq!(found_kind.collect::<Vec<_>>(), [unsupported]);
    }
}

#[test]
fn stock_that_a_shop_has_oversold_is_none_and_told() {
    let text = "Handle,Title,Variant SKU,Variant Price,Variant Inventory Qty\nmug,Mug,MUG,5,-2\n";
    let found = read(text);
    assert_eq!(found.rows[0].quantity, Some(0));
    let told: Vec<_> = found.issues.iter().map(|i| (&i.kind, i.refuses)).collect();
    assert_eq!(told, [(&CellIssueKind::Negative, false)]);
}

#[test]
fn woocommerce_children_come_before_parents_and_name_them_by_id() {
    let text = "ID,Type,SKU,Name,Description,Short description,In stock?,Stock,Weight (lbs),\
                Sale price,Regular price,Date sale price ends,Categories,Images,Parent,\
                Attribute 1 name,Attribute 1 value(s),Attribute 2 name,Attribute 2 value(s)\n\
                7,variation,T-S,Tee - S,,,1,3,,,10,,,https://a.example/s.jpg,id:5,Size,S,Cut,\n\
                8,variation,,Tee - M,,,1,,2,8,10,2020-01-01,,,id:5,Size,M,Cut,\n\
                9,variation,X-1,X,,,1,,,,1,,,,id:6,Size,M,,\n\
                5,variable,TEE,Tee,Line\\nbreak,,1,,1.5,,,,\"A > B, C\",\
                \"https://a.example/1.jpg, https://a.example/2.jpg\",,Size,\"S, M\",Cut,Slim\n\
                6,variable,,Hat,,,1,,,,,,,,,Size,M,,\n\
                1,\"simple, virtual\",,Song,,Short,0,,,,3,,,,,Mood,\"Calm, Soft\\, low\",,\n\
                2,bundle,BU,Bundle,,,1,,,,3,,,,,,,,\n";
    let found = read(text);
    assert_eq!(found.mapping.layout, Layout::WooCommerce);
    let [small, medium, by_id, parent, hat, song] = found.rows.as_slice() else {
        panic!("six rows, not {:?}", found.issues);
    };
    assert_eq!((small.handle.as_str(), small.quantity), ("TEE", Some(3)));
    assert_eq!(
        small.weight.map(|w| w.value().to_string()),
        Some("1.5".into())
    );
    assert_eq!(small.options, [("Size".to_owned(), "S".to_owned())]);
    assert_eq!(small.images.variant.len(), 1);
    assert_eq!(medium.sku.as_ref().map(|s| s.as_str()), Some("tee-m"));
    assert_eq!(medium.price.map(|m| m.minor), Some(1000));
    assert_eq!(medium.quantity, None);
    assert_eq!(
        (by_id.handle.as_str(), hat.handle.as_str()),
        ("id:6", "id:6")
    );
    assert_eq!((parent.kind, &parent.sku), (RowKind::Product, &None));
    assert_eq!(parent.description.as_deref(), Some("Line\nbreak"));
    assert_eq!(parent.images.product.len(), 2);
    assert_eq!(parent.attributes.keys().collect::<Vec<_>>(), ["Cut"]);
    let category = ["A".to_owned(), "B".to_owned()];
    assert_eq!(parent.category.as_deref(), Some(&category[..]));
    assert_eq!(song.sku.as_ref().map(|s| s.as_str()), Some("song-1"));
    assert_eq!(
        (song.quantity, song.description.as_deref()),
        (Some(0), Some("Short"))
    );
    assert_eq!(song.attributes["Mood"], ["Calm", "Soft, low"]);
    assert_eq!(found.refused, 1);
}

#[test]
fn refused_records_are_written_to_be_corrected_and_imported_again() {
    let text = "Handle,Title,Option1 Name,Option1 Value,Variant SKU,Variant Price\n\
                tee,\"Tee, \"\"red\"\"\",Size,S,T-S,10\n\
                tee,,,M,T-M,-1\n\
                mug,Mug,Title,Default Title,MUG,oops\n";
    let found = read(text);
    assert_eq!(found.rows.len(), 1);
    let options = options("USD");
    let write = |text: &str, issues: &[barrow_model::CellIssue]| {
        let mut out = Vec::new();
        let input = std::io::Cursor::new(text.as_bytes());
        let words = |issue: &barrow_model::CellIssue| format!("{:?}", issue.kind);
        let name = "file.csv";
        barrow_intake::write_refused(&mut out, input, name, issues, &options, words)
            .map(|count| (count, String::from_utf8(out).expect("UTF-8")))
            .expect("written")
    };
    let (count, errors) = write(text, &found.issues);
    assert_eq!(count, 2);
    assert!(
        errors.contains("tee,,Size,M,T-M,-1,3,Negative\n"),
        "{errors}"
    );
    let corrected = errors.replace(",-1,", ",11,");
    let again = read(&corrected);
    assert_eq!(skus(&again.rows), ["T-M"]);
    assert_eq!(again.rows[0].options, [("Size".to_owned(), "M".to_owned())]);
    let (count, errors) = write(&corrected, &again.issues);
    assert_eq!(count, 1);
    let header = "Handle,Title,Option1 Name,Option1 Value,Variant SKU,Variant Price,line,problem";
    assert_eq!(
        errors.trim_start_matches('\u{FEFF}').lines().next(),
        Some(header)
    );
}
