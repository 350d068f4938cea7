# Unpacks Dovecot, Postfix and Exim from their Debian packages into a folder that serves as the root directory of their
# processes. Nothing is installed: they would conflict with mail servers a person has, and with each other, and no account
# is made, since the folder brings its own /etc/passwd when the tests start the servers. Sourced; needs say and stop of
# sentences.sh.

mail_packages="dovecot-core dovecot-imapd dovecot-pop3d exim4-daemon-light postfix"

# mail_servers_present FOLDER
mail_servers_present() {
  [ -e "$1/complete" ] && [ "$(cat "$1/complete")" = "$(mail_servers_stamp)" ]
}

# What was unpacked by another version of this file is unpacked again.
mail_servers_stamp() {
  cksum <deploy/lib/mail-servers.sh
}

# unpack_mail_servers FOLDER
unpack_mail_servers() {
  local folder="$1" package packages root="$1/root"
  rm -rf "$folder"
  mkdir -p "$folder/packages" "$root"

  # The packages, and those of their dependencies that this machine lacks: each asked for alone, since Exim and Postfix
  # exclude each other. Exim's tools and the settings that Debian makes for it are not used.
  packages="$({
    printf '%s\n' $mail_packages
    for package in $mail_packages; do
      LC_ALL=C apt-get install --simulate --no-install-recommends "$package" | sed -n 's/^Inst \([^ ]*\).*/\1/p'
    done
  } | grep -vx -e exim4-base -e exim4-config | sort -u)"
  (cd "$folder/packages" && apt-get -qq -o APT::Sandbox::User="$(id -un)" download $packages) || return 1
  for package in "$folder"/packages/*.deb; do
    dpkg-deb --extract "$package" "$root" || return 1
  done
  rm -rf "$folder/packages"
  make_root "$root"
  mail_servers_stamp >"$folder/complete"
}

# Makes what was unpacked a root directory: programs and all their libraries, and nothing else.
make_root() {
  local root="$1"
  rm -rf "$root"/usr/share "$root"/etc "$root"/var "$root"/bin "$root"/sbin
  if [ -d "$root/lib" ]; then
    cp -a "$root/lib/." "$root/usr/lib/"
    rm -rf "$root/lib"
  fi
  mkdir -p "$root/usr/lib64"
  ln -s usr/lib "$root/lib"
  ln -s usr/lib64 "$root/lib64"
  copy_libraries "$root"
}

# Shared libraries that came in no package are this machine's own: copied, since the processes see nothing else.
copy_libraries() {
  local root="$1" own library
  own="$(find "$root/usr/lib" -name '*.so*' -printf '%h\n' | sort -u | tr '\n' ':')"
  find "$root/usr" -type f \( -perm -100 -o -name '*.so*' \) -print0 |
    LD_LIBRARY_PATH="$own" xargs -0 ldd 2>/dev/null |
    awk '$2 == "=>" && $3 ~ /^\// { print $3 } $1 ~ /^\// && $2 ~ /^\(/ { print $1 }' |
    sort -u |
    while read -r library; do
      case "$library" in
        "$root"/*) ;;
        *)
          mkdir -p "$root${library%/*}"
          cp -L "$library" "$root$library"
          ;;
      esac
    done
}
