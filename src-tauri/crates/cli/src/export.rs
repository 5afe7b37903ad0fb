//! `barrow export`.

use std::io::{self, BufWriter, Write};

use barrow_api::{ExportFormat, ExportRequest, ExportWhat};

use crate::args::{ExportArgs, Format, What};
use crate::output::{End, Failure, Text};
use crate::report;
use crate::session::{Session, Stop};

pub(crate) async fn run(session: &Session, args: ExportArgs) -> Result<End, Failure> {
    let what = match args.what {
        What::Products => ExportWhat::Products,
        What::Listings => ExportWhat::Listings,
        What::Stock => ExportWhat::Stock,
        What::Orders => ExportWhat::Orders,
    };
    let to_output = args.out.is_none();
    let format = match (args.format, session.output.json && to_output) {
        (Some(Format::Csv), true) => {
            return Err(Failure::Usage(
                "--json prints one JSON document: give --out FILE for the CSV file.".to_owned(),
            ));
        }
        (Some(Format::Json), _) | (None, true) => ExportFormat::Json,
        (Some(Format::Xlsx), _) => ExportFormat::Xlsx,
        (Some(Format::Csv), false) | (None, false) => ExportFormat::Csv,
    };
    let request = ExportRequest {
        what,
        format: Some(format),
        out: args.out,
        shown: None,
    };
    if to_output {
        return to_standard_output(session, &request);
    }
    session
        .with_api(async |api| {
            let response = api.export(request).await?;
            session.output.answer(&response, |response| {
                let count = report::counted(response.report.done, "record", "records");
                let file = response
                    .file
                    .as_ref()
                    .map(|file| file.display().to_string());
                Text::new().line(format!("{count} written to {}.", file.unwrap_or_default()))
            })?;
            Ok(End::complete(response.report.is_complete()))
        })
        .await
}

/// Writes as it reads: a large file needs no room in memory.
fn to_standard_output(session: &Session, request: &ExportRequest) -> Result<End, Failure> {
    let host = session.open()?;
    let mut out = BufWriter::new(Reader {
        unread: false,
        stop: session.stop.clone(),
        out: io::stdout(),
    });
    let written = host.api.export_to(request, &mut out);
    let flushed = out.flush();
    let unread = out.get_ref().unread;
    match (written, flushed) {
        _ if unread => Err(Failure::Unread),
        _ if session.stop.is_asked() => Err(Failure::Stopped),
        (Err(error), _) => Err(error.into()),
        (Ok(_), Err(error)) => Err(error.into()),
        (Ok(_), Ok(())) => Ok(End::Done),
    }
}

/// Whoever reads our output, as long as he does and the person does not stop it.
struct Reader {
    unread: bool,
    stop: Stop,
    out: io::Stdout,
}

impl Write for Reader {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.stop.is_asked() {
            return Err(io::Error::other("stopped"));
        }
        let written = self.out.write(bytes);
        self.unread |= matches!(&written, Err(e) if e.kind() == io::ErrorKind::BrokenPipe);
        written
    }

    fn flush(&mut self) -> io::Result<()> {
        let flushed = self.out.flush();
        self.unread |= matches!(&flushed, Err(e) if e.kind() == io::ErrorKind::BrokenPipe);
        flushed
    }
}
