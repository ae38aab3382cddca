# Turns a title into the last part of a web address: lower case, words joined by single hyphens.

slug() {
    printf '%s' "$1" | tr 'A-Z' 'a-z' | tr -c 'a-z0-9' '-' | sed 's/--*/-/'
}
