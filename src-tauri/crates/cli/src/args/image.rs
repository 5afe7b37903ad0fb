//! The words of `barrow image`.

use std::path::PathBuf;

use clap::Subcommand;

#[derive(Debug, Subcommand)]
pub(crate) enum ImageCommand {
    /// Add images to a product, behind those that it has. Where a marketplace takes files, they are
    /// put there when the product is listed.
    #[command(
        after_help = "Examples:\n  barrow image add MUG-BLUE front.jpg back.jpg\n  \
        barrow image add SHIRT-RED-M red.png --variant"
    )]
    Add {
        /// The SKU.
        sku: String,
        /// The files: JPG, PNG, GIF, BMP, TIFF, AVIF, HEIC or WEBP, at most 12 MB each.
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
        /// Add them to this variant alone.
        #[arg(long)]
        variant: bool,
    },
}
