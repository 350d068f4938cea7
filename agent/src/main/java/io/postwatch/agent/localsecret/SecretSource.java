package io.postwatch.agent.localsecret;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where a secret of this host is, as its configuration says. */
public sealed interface SecretSource {

    /**
     * A variable of the agent's environment.
     *
     * @param name letters, digits and underscores, the first no digit
     */
    record Variable(String name) implements SecretSource {

        private static final Pattern FORM = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

        public Variable {
            if (!FORM.matcher(name).matches()) {
                throw new IllegalArgumentException(
                        "the name of a variable has letters, digits and underscores, write env:ALICE_PASSWORD for example");
            }
        }
    }

    /**
     * A file that nobody but the agent may read.
     *
     * @param path absolute
     */
    record PrivateFile(Path path) implements SecretSource {

        public PrivateFile {
            if (!path.isAbsolute()) {
                throw new IllegalArgumentException(
                        "a file is given by its whole path, write file:/etc/postwatch/alice for example");
            }
        }
    }

    /**
     * A program that prints it. It is started as it stands here: no shell, no variables, no wildcards.
     *
     * @param words the program's absolute path, then its arguments
     */
    record Command(List<String> words) implements SecretSource {

        private static final Pattern WORD = Pattern.compile("\\s*(?:\"([^\"]*)\"|'([^']*)'|([^\\s\"']+))(?=\\s|$)");

        public Command {
            words = List.copyOf(words);
            if (words.isEmpty() || !Path.of(words.getFirst()).isAbsolute()) {
                throw new IllegalArgumentException("a command begins with the whole path of a program,"
                        + " write command:/usr/bin/pass show alice for example");
            }
        }

        /** What is between blanks, or between quotes where an argument has blanks or is empty. There are no escapes. */
        private static Command parse(String text) {
            List<String> words = new ArrayList<>();
            Matcher word = WORD.matcher(text);
            int end = 0;
            while (end < text.length()) {
                if (!word.find(end) || word.start() != end) {
                    throw new IllegalArgumentException(
                            "the quotes of the command don't match: quote a whole argument, from blank to blank");
                }
                for (int group = 1; group <= word.groupCount(); group++) {
                    String inside = word.group(group);
                    if (inside != null) {
                        words.add(inside);
                    }
                }
                end = word.end();
            }
            return new Command(words);
        }

        /** Without the arguments: one of them may be a secret, too. */
        @Override
        public String toString() {
            return "Command[" + words.getFirst() + " …]";
        }
    }

    /**
     * Reads one of {@code env:NAME}, {@code file:/path} and {@code command:/program argument …}.
     *
     * @throws IllegalArgumentException with a part of a sentence that says what to write
     */
    static SecretSource parse(String text) {
        if (text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("it holds a NUL");
        }
        int colon = text.indexOf(':');
        String rest = text.substring(colon + 1).strip();
        return switch (colon < 0 ? "" : text.substring(0, colon)) {
            case "env" -> new Variable(rest);
            case "file" -> new PrivateFile(Path.of(rest));
            case "command" -> Command.parse(rest);
            // Not what was written: whoever mistook this for the place of the secret itself wrote it here.
            default ->
                throw new IllegalArgumentException("write env:VARIABLE, file:/path or command:/program argument …,"
                        + " where the secret is and not the secret itself");
        };
    }
}
