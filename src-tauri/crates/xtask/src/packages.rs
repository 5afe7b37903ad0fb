//! Installs a missing system package on Debian and Ubuntu, and elsewhere prints how to.

use crate::Stop;
use std::path::Path;
use std::process::{Command, Stdio};

/// Something of the system that a task needs, and where each system has it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Package {
    /// What it is, in plain words.
    pub(crate) what: &'static str,
    /// Why it is needed; ends the sentence "… is needed …".
    pub(crate) why: &'static str,
    pub(crate) apt: &'static [&'static str],
    pub(crate) dnf: &'static [&'static str],
    pub(crate) pacman: &'static [&'static str],
    pub(crate) macos: &'static str,
    pub(crate) windows: &'static str,
}

pub(crate) const C_COMPILER: Package = Package {
    what: "A C compiler",
    why: "to compile SQLite and the cryptography that are built into Barrow",
    apt: &["gcc", "libc6-dev"],
    dnf: &["gcc", "glibc-devel"],
    pacman: &["gcc"],
    macos: "xcode-select --install",
    windows: "winget install --id Microsoft.VisualStudio.2022.BuildTools \
              --override \"--passive --add Microsoft.VisualStudio.Workload.VCTools \
              --includeRecommended\"",
};

pub(crate) const GIT: Package = Package {
    what: "git",
    why: "by the tests of style, which read the list of tracked files from it",
    apt: &["git"],
    dnf: &["git"],
    pacman: &["git"],
    macos: "xcode-select --install",
    windows: "winget install --id Git.Git",
};

pub(crate) const SQLITE_SHELL: Package = Package {
    what: "The sqlite3 shell",
    why: "as the yardstick that imports are measured against",
    apt: &["sqlite3"],
    dnf: &["sqlite"],
    pacman: &["sqlite"],
    macos: "brew install sqlite",
    windows: "winget install --id SQLite.SQLite",
};

pub(crate) const PKG_CONFIG: Package = Package {
    what: "pkg-config",
    why: "to find the system's libraries",
    apt: &["pkg-config"],
    dnf: &["pkgconf-pkg-config"],
    pacman: &["pkgconf"],
    macos: "brew install pkgconf",
    windows: "winget install --id bloodrock.pkg-config-lite",
};

pub(crate) const WEBVIEW: Package = Package {
    what: "The system's webview library (WebKitGTK 4.1) with GTK 3",
    why: "to build the window",
    apt: &["libwebkit2gtk-4.1-dev", "libgtk-3-dev", "librsvg2-dev"],
    dnf: &["webkit2gtk4.1-devel", "gtk3-devel", "librsvg2-devel"],
    pacman: &["webkit2gtk-4.1", "gtk3", "librsvg"],
    macos: "xcode-select --install",
    windows: "winget install --id Microsoft.EdgeWebView2Runtime",
};

pub(crate) const WEBVIEW_DRIVER: Package = Package {
    what: "WebKitGTK's WebDriver",
    why: "by the test that drives the real window",
    apt: &["webkit2gtk-driver"],
    dnf: &["webkit2gtk4.1"],
    pacman: &["webkit2gtk-4.1"],
    macos: "",
    windows: "",
};

pub(crate) const DISPLAY: Package = Package {
    what: "A display without a screen (Xvfb), with a typeface",
    why: "by the test that drives the real window",
    apt: &["xvfb", "xauth", "fonts-dejavu-core"],
    dnf: &[
        "xorg-x11-server-Xvfb",
        "xorg-x11-xauth",
        "dejavu-sans-fonts",
    ],
    pacman: &["xorg-server-xvfb", "xorg-xauth", "ttf-dejavu"],
    macos: "",
    windows: "",
};

pub(crate) const CHROMIUM: Package = Package {
    what: "Chromium",
    why: "by the browser tests of each view",
    apt: &["chromium"],
    dnf: &["chromium"],
    pacman: &["chromium"],
    macos: "brew install --cask chromium",
    windows: "winget install --id Hibbiki.Chromium",
};

pub(crate) const DPKG_DEB: Package = Package {
    what: "dpkg-deb",
    why: "to make a Debian package",
    apt: &["dpkg"],
    dnf: &["dpkg"],
    pacman: &["dpkg"],
    macos: "brew install dpkg",
    windows: "",
};

/// How this machine gets its packages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Installer {
    Apt,
    Dnf,
    Pacman,
    MacOs,
    Windows,
    Unknown,
}

/// Makes sure that a missing package gets installed, or says how and stops.
///
/// Called only after the machine was found to lack it, so nothing is installed twice.
pub(crate) fn install(package: &Package) -> Result<(), Stop> {
    let installer = installer();
    let Some(command) = command(installer, package) else {
        return Err(Stop::new(format!(
            "{} is needed {}, and was not found. Please install it, then start again.",
            package.what, package.why
        )));
    };
    if installer != Installer::Apt {
        return Err(Stop::new(missing(package, &command)));
    }
    let Some(prefix) = administrator() else {
        return Err(Stop::new(missing(package, &format!("(as root) {command}"))));
    };
    eprintln!(
        "{} is needed {}: installing {}.",
        package.what,
        package.why,
        package.apt.join(" ")
    );
    // A fresh machine has no lists of packages, and an old list names files that are gone.
    if apt(&prefix, &["update", "-qq"]) && apt(&prefix, &install_arguments(package)) {
        return Ok(());
    }
    Err(Stop::new(format!(
        "That did not work. {}",
        missing(package, &command)
    )))
}

fn missing(package: &Package, command: &str) -> String {
    format!(
        "{} is needed {}, and was not found. Install it with:\n\n    {command}\n\n\
         then start again.",
        package.what, package.why
    )
}

fn installer() -> Installer {
    if cfg!(target_os = "macos") {
        return Installer::MacOs;
    }
    if cfg!(target_os = "windows") {
        return Installer::Windows;
    }
    let release = std::fs::read_to_string("/etc/os-release").unwrap_or_default();
    installer_of(&release, Path::new("/usr/bin/apt-get").exists())
}

fn installer_of(os_release: &str, has_apt: bool) -> Installer {
    let mut families: Vec<&str> = Vec::new();
    for line in os_release.lines() {
        if let Some(value) = line
            .strip_prefix("ID=")
            .or_else(|| line.strip_prefix("ID_LIKE="))
        {
            families.extend(value.trim_matches('"').split_whitespace());
        }
    }
    let is = |names: &[&str]| families.iter().any(|family| names.contains(family));
    if has_apt && is(&["debian", "ubuntu"]) {
        Installer::Apt
    } else if is(&["fedora", "rhel", "centos"]) {
        Installer::Dnf
    } else if is(&["arch"]) {
        Installer::Pacman
    } else {
        Installer::Unknown
    }
}

/// The command as a person would type it.
fn command(installer: Installer, package: &Package) -> Option<String> {
    match installer {
        Installer::Apt => Some(format!("sudo apt-get install {}", package.apt.join(" "))),
        Installer::Dnf => Some(format!("sudo dnf install {}", package.dnf.join(" "))),
        Installer::Pacman => Some(format!("sudo pacman -S {}", package.pacman.join(" "))),
        Installer::MacOs => Some(package.macos.to_owned()),
        Installer::Windows => Some(package.windows.to_owned()),
        Installer::Unknown => None,
    }
    .filter(|command| !command.is_empty())
}

fn install_arguments(package: &Package) -> Vec<&'static str> {
    let mut arguments = vec!["install", "-qq", "--yes", "--no-install-recommends"];
    arguments.extend(package.apt);
    arguments
}

/// What goes before a command that only an administrator may run; `None` if there is no way.
fn administrator() -> Option<Vec<&'static str>> {
    let user = Command::new("id").arg("-u").output().ok()?;
    if user.stdout.trim_ascii() == b"0" {
        return Some(Vec::new());
    }
    // Nobody can answer a question for a password in continuous integration.
    let quiet = std::env::var_os("CI").is_some();
    let sudo = if quiet {
        vec!["sudo", "--non-interactive"]
    } else {
        vec!["sudo"]
    };
    let found = Command::new("sudo")
        .arg("--version")
        .stdout(Stdio::null())
        .status();
    found.is_ok_and(|status| status.success()).then_some(sudo)
}

fn apt(prefix: &[&str], arguments: &[&str]) -> bool {
    // `env` carries the variable through sudo, which clears the environment.
    let mut words = prefix.to_vec();
    words.extend(["env", "DEBIAN_FRONTEND=noninteractive", "apt-get"]);
    words.extend(arguments);
    let status = Command::new(words[0])
        .args(&words[1..])
        .stdout(Stdio::null())
        .status();
    status.is_ok_and(|status| status.success())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_system_is_known_by_its_release_file() {
        let check = |release: &str, has_apt: bool, expected: Installer| {
            assert_eq!(installer_of(release, has_apt), expected, "{release}");
        };
        check("PRETTY_NAME=\"Debian\"\nID=debian\n", true, Installer::Apt);
        check(
            "ID=linuxmint\nID_LIKE=\"ubuntu debian\"\n",
            true,
            Installer::Apt,
        );
        check("ID=debian\n", false, Installer::Unknown);
        check(
            "ID=\"rocky\"\nID_LIKE=\"rhel centos fedora\"\n",
            false,
            Installer::Dnf,
        );
        check("ID=arch\n", false, Installer::Pacman);
        check("ID=void\n", false, Installer::Unknown);
        check("", true, Installer::Unknown);
    }

    #[test]
    fn the_command_is_the_one_of_the_system() {
        let check = |installer, expected: Option<&str>| {
            assert_eq!(command(installer, &SQLITE_SHELL).as_deref(), expected);
        };
        check(Installer::Apt, Some("sudo apt-get install sqlite3"));
        check(Installer::Dnf, Some("sudo dnf install sqlite"));
        check(Installer::Pacman, Some("sudo pacman -S sqlite"));
        check(Installer::MacOs, Some("brew install sqlite"));
        check(
            Installer::Windows,
            Some("winget install --id SQLite.SQLite"),
        );
        check(Installer::Unknown, None);
    }

    #[test]
    fn what_is_missing_is_told_with_reason_and_command() {
        let text = missing(&GIT, "brew install git");
        assert!(
            text.contains("git is needed by the tests of style"),
            "{text}"
        );
        assert!(text.contains("\n    brew install git\n"), "{text}");
    }
}
