//! A file of made-up goods that every practice marketplace takes, as a seller has one.

use std::fmt::Write;

use crate::goods::barcode;

/// A file of lamps with everything that marketplaces demand: `K-001`, `K-002`, …, ten of each, for
/// 21.90 US dollars, 22.90, …
pub fn lamps(count: u32) -> String {
    let mut text = "sku,title,description,brand,category,condition,price,quantity,weight (lb),\
                    image,mpn,gtin\n"
        .to_owned();
    for number in 1..=count {
        let price = 20 + number;
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "K-{number:03},\"Desk lamp of oak and brass, number {number}\",A lamp for a desk.,\
             Alder,Home > Lamps,new,{price}.90,10,2,https://images.example/{number}.jpg,L{number},{}",
            barcode(number.into())
        );
    }
    text
}
