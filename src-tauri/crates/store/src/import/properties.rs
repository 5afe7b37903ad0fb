//! What holds for any files in any order.

use barrow_model::{Currency, ImportId, Money, Movement, MovementKind, Origin, Row, RowKind};
use proptest::prelude::{Just, Strategy, any, prop_assert_eq, prop_oneof, proptest};

use super::tests::{apply, blank, everything, ledger_holds, on_hand, sku, titled};
use crate::store::tests::memory;

fn any_row(line: u64) -> impl Strategy<Value = Row> {
    let cell =
        |known: bool| prop_oneof![Just(None), (0..5_i64).prop_map(move |n| known.then_some(n))];
    (
        0..6_usize,
        cell(true),
        cell(true),
        any::<bool>(),
        any::<bool>(),
    )
        .prop_map(move |(name, price, quantity, title, kit)| {
            let text = format!("S{name}");
            let mut row = blank(line, &text);
            row.price = price.map(|minor| Money::new(minor, Currency::USD));
            row.quantity = quantity;
            row.title = title.then(|| format!("Title {line}"));
            if kit && name == 5 {
                row.kind = RowKind::Kit;
                row.parts = vec![(sku("S0"), 1 + line as u32)];
            }
            row
        })
}

fn any_file() -> impl Strategy<Value = Vec<Row>> {
    (any_row(2), any_row(3), any_row(4), any_row(5)).prop_map(|(a, b, c, d)| vec![a, b, c, d])
}

proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]

    #[test]
    fn undo_returns_the_catalogue_to_what_it_was(
        files in proptest::collection::vec(any_file(), 1..4)
    ) {
        let store = memory();
        let mut stack = Vec::new();
        for (number, file) in files.iter().enumerate() {
            stack.push((everything(&store), number));
            apply(&store, &number.to_string(), file);
            ledger_holds(&store);
        }
        while let Some((before, number)) = stack.pop() {
            let id = ImportId(number as i64 + 1);
            let undone = store.write(|tx| tx.undo_import(id)).expect("undoes");
            prop_assert_eq!(undone.skipped, Vec::new());
            prop_assert_eq!(everything(&store), before);
            ledger_holds(&store);
        }
    }

    #[test]
    fn ledger_on_hand_is_the_sum_of_random_movements(
        moves in proptest::collection::vec((0..3_usize, -9..9_i64, any::<bool>()), 1..40)
    ) {
        let store = memory();
        let names = ["A", "B", "C"];
        let rows = names.iter().zip(2..).map(|(name, line)| titled(line, name, 1, 0));
        let rows: Vec<Row> = rows.collect();
        apply(&store, "one", &rows);
        let mut expected = [0_i64; 3];
        store.write(|tx| {
            let place = tx.default_location()?;
            for (which, number, count) in &moves {
                let id = tx.sku_id(&sku(names[*which]))?;
                if *count {
                    let counted = number.abs();
                    let delta = tx.count_stock(id, place, counted, None, Origin::User)?;
                    expected[*which] += delta;
                    assert_eq!(expected[*which], counted);
                } else {
                    tx.add_movement(&Movement {
                        sku_id: id, location_id: place, delta: *number,
                        kind: MovementKind::Correction, origin: Origin::User, reason: None,
                        at: tx.now(), key: None,
                    })?;
                    expected[*which] += number;
                }
            }
            Ok(())
        }).expect("moves");
        for (name, sum) in names.iter().zip(expected) {
            prop_assert_eq!(on_hand(&store, name), sum);
        }
        ledger_holds(&store);
    }
}
