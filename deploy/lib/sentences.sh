# How the scripts here talk to a person, and what they ask of the machine. Sourced.

say() { printf '%s\n' "▸ $*"; }

stop() {
  printf '%s\n' "${0##*/}: $*" >&2
  exit 1
}

# Touched when everything was built: Maven leaves a jar alone that would not change.
built_stamp=controller/target/quickstart-built

# Sets JAVA_HOME; ./mvnw says what to install where there is no JDK 25.
need_java() {
  JAVA_HOME="$(./mvnw --print-java-home)" || exit 1
  export JAVA_HOME
}

need_node() {
  local version
  version="$(node --version 2>/dev/null)" ||
    stop "Node 20 or newer is needed to build the web console, and there is no 'node' here: install it from nodejs.org or your distribution."
  version="${version#v}"
  [ "${version%%.*}" -ge 20 ] 2>/dev/null ||
    stop "Node 20 or newer is needed to build the web console, and this is Node $version: install a newer one."
  command -v npm >/dev/null ||
    stop "npm is needed to build the web console, and there is no 'npm' here: it comes with Node from nodejs.org, or as the package npm of your distribution."
}

need_git() {
  command -v git >/dev/null || stop "git is needed, and there is none here: install it."
}
