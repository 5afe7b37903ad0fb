//! A Debian package of the window and the command line, made with `dpkg-deb` alone.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::{Stop, cargo};

/// What the programs need of the system beside the C library; the names are Debian's and Ubuntu's.
const DEPENDS: &str = "libgcc-s1, libwebkit2gtk-4.1-0 (>= 2.40), libgtk-3-0 | libgtk-3-0t64";

/// How a program names the versions of the C library whose parts it uses.
const LIBC_MARK: &[u8] = b"GLIBC_2.";

const DESKTOP_ENTRY: &str = "\
[Desktop Entry]
Type=Application
Name=Barrow
Comment=One catalogue, sold on every marketplace
Exec=barrow-desktop
Icon=barrow
Terminal=false
Categories=Office;Finance;
StartupWMClass=barrow-desktop
";

/// Icons with the size that each has.
const ICONS: [(&str, &str); 4] = [
    ("32x32.png", "32x32"),
    ("128x128.png", "128x128"),
    ("128x128@2x.png", "256x256"),
    ("icon.png", "512x512"),
];

/// Makes the package of programs that are built, and returns where it is.
pub(crate) fn make(desktop: &Path, barrow: &Path, version: &str) -> Result<PathBuf, Stop> {
    let root = cargo::root()?;
    let target = desktop
        .parent()
        .ok_or_else(|| Stop::new("the built program is in no folder"))?;
    let architecture = architecture()?;
    let name = format!("barrow_{version}_{architecture}");
    let tree = target.join("package").join(&name);
    if tree.exists() {
        fs::remove_dir_all(&tree).map_err(|error| unusable(&tree, &error))?;
    }
    let usr = tree.join("usr");
    place(desktop, &usr.join("bin/barrow-desktop"), 0o755)?;
    place(barrow, &usr.join("bin/barrow"), 0o755)?;
    for (file, size) in ICONS {
        let to = usr.join(format!("share/icons/hicolor/{size}/apps/barrow.png"));
        place(&root.join("icons").join(file), &to, 0o644)?;
    }
    place(
        &root.join("LICENSE"),
        &usr.join("share/doc/barrow/copyright"),
        0o644,
    )?;
    write(
        &usr.join("share/applications/barrow.desktop"),
        DESKTOP_ENTRY,
    )?;
    write(
        &tree.join("DEBIAN/control"),
        &control(version, &architecture, libc_needed(&[desktop, barrow])?),
    )?;
    let package = target.join(format!("{name}.deb"));
    let mut command = Command::new("dpkg-deb");
    command
        .args(["--root-owner-group", "--build"])
        .arg(&tree)
        .arg(&package);
    cargo::run(&mut command, "The package could not be made; see above.")?;
    Ok(package)
}

/// The minor number of the oldest C library 2 that has all that the programs use. A library that is
/// older would refuse to start them, which the package should say before it is installed.
fn libc_needed(programs: &[&Path]) -> Result<u32, Stop> {
    let mut newest = 0;
    for program in programs {
        let bytes = fs::read(program).map_err(|error| unusable(program, &error))?;
        newest = newest.max(newest_libc(&bytes));
    }
    Ok(newest)
}

fn newest_libc(program: &[u8]) -> u32 {
    let marks = program.windows(LIBC_MARK.len()).enumerate();
    let places = marks.filter(|(_, bytes)| *bytes == LIBC_MARK);
    let minors = places.map(|(place, _)| {
        let digits = program[place + LIBC_MARK.len()..].iter();
        let digits = digits.take_while(|byte| byte.is_ascii_digit()).take(3);
        digits.fold(0, |number, digit| number * 10 + u32::from(digit - b'0'))
    });
    minors.max().unwrap_or(0)
}

fn control(version: &str, architecture: &str, libc: u32) -> String {
    format!(
        "Package: barrow\n\
         Version: {version}\n\
         Architecture: {architecture}\n\
         Maintainer: Barrow maintainers <maintainers@users.noreply.github.com>\n\
         Section: misc\n\
         Priority: optional\n\
         Depends: libc6 (>= 2.{libc}), {DEPENDS}\n\
         Description: one catalogue, sold on every marketplace\n \
         Keeps a shop's products on this computer, lists them on marketplaces, keeps price\n \
         and stock right everywhere, and brings all orders into one list.\n"
    )
}

fn architecture() -> Result<String, Stop> {
    let answer = Command::new("dpkg").arg("--print-architecture").output();
    let answer = answer.map_err(|error| Stop::new(format!("dpkg did not start: {error}")))?;
    Ok(String::from_utf8_lossy(&answer.stdout).trim().to_owned())
}

fn place(from: &Path, to: &Path, mode: u32) -> Result<(), Stop> {
    folder_of(to)?;
    fs::copy(from, to).map_err(|error| unusable(from, &error))?;
    allow(to, mode)
}

fn write(to: &Path, text: &str) -> Result<(), Stop> {
    folder_of(to)?;
    fs::write(to, text).map_err(|error| unusable(to, &error))?;
    allow(to, 0o644)
}

fn folder_of(path: &Path) -> Result<(), Stop> {
    match path.parent() {
        Some(folder) => fs::create_dir_all(folder).map_err(|error| unusable(folder, &error)),
        None => Ok(()),
    }
}

/// The rights that the file has once it is installed, whatever they were here.
#[cfg(unix)]
fn allow(path: &Path, mode: u32) -> Result<(), Stop> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(mode))
        .map_err(|error| unusable(path, &error))
}

#[cfg(not(unix))]
fn allow(_path: &Path, _mode: u32) -> Result<(), Stop> {
    Ok(())
}

fn unusable(path: &Path, error: &std::io::Error) -> Stop {
    Stop::new(format!("{} cannot be used: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::{control, newest_libc};

    #[test]
    fn the_newest_part_of_the_c_library_decides() {
        let check = |program: &[u8], expected: u32| assert_eq!(newest_libc(program), expected);
        check(b"\0GLIBC_2.2.5\0GLIBC_2.34\0GLIBC_2.9\0", 34);
        check(b"GLIBC_2.", 0);
        check(b"GLIBC_PRIVATE", 0);
    }

    #[test]
    fn the_package_says_what_it_is_and_what_it_needs() {
        let text = control("1.2.3", "amd64", 34);
        for line in ["Package: barrow", "Version: 1.2.3", "Architecture: amd64"] {
            assert!(text.lines().any(|found| found == line), "{text}");
        }
        assert!(text.contains("Depends: libc6 (>= 2.34), "), "{text}");
        assert!(text.contains("libwebkit2gtk-4.1-0"), "{text}");
        // Lines of a description begin with a blank, or the package is refused.
        let tail = text.split_once("marketplace\n").expect("a description").1;
        assert!(tail.lines().all(|line| line.starts_with(' ')), "{text}");
    }
}
