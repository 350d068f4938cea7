package io.postwatch.agent.localsecret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postwatch.agent.localsecret.SecretSource.Command;
import io.postwatch.agent.localsecret.SecretSource.PrivateFile;
import io.postwatch.agent.localsecret.SecretSource.Variable;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretSourceTest {

    @Test
    void isAVariableAFileOrACommand() {
        assertThat(SecretSource.parse("env:_ALICE_2")).isEqualTo(new Variable("_ALICE_2"));
        assertThat(SecretSource.parse("file: /etc/a b")).isEqualTo(new PrivateFile(Path.of("/etc/a b")));
        assertThat(SecretSource.parse("command:/usr/bin/pass  show\talice"))
                .isEqualTo(new Command(List.of("/usr/bin/pass", "show", "alice")));
    }

    @Test
    void aCommandIsWordsAndNothingInThemMeansAnythingToAShell() {
        assertThat(SecretSource.parse("command:/bin/x \"a b\" 'it \"is\"' '' $HOME *.txt ;|&>`id` a=b"))
                .isEqualTo(new Command(List.of("/bin/x", "a b", "it \"is\"", "", "$HOME", "*.txt", ";|&>`id`", "a=b")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "alice",
                ":",
                "ENV:ALICE",
                "vault:alice",
                "env:",
                "env:2ALICE",
                "env:A B",
                "env:A=B",
                "file:",
                "file:alice",
                "file:../alice",
                "file:~/alice",
                "file:/a\0b",
                "command:",
                "command:pass show",
                "command:./pass",
                "command:\"\" /bin/pass",
                "command:/bin/pass \"show",
                "command:/bin/pass sh\"ow",
                "command:/bin/pass 'a'b",
                "command:/bin/pass it's"
            })
    void whatIsNoneOfThemIsRefusedWithoutBeingRepeated(String text) {
        assertThatThrownBy(() -> SecretSource.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theArgumentsOfACommandAreNotPrinted() {
        assertThat(SecretSource.parse("command:/bin/x --key canary").toString()).doesNotContain("canary");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "imap-alice", "7", "a--b"})
    void namesAreLowerCaseWithDigitsAndHyphens(String text) {
        assertThat(new LocalSecretName(text).text()).isEqualTo(text);
        assertThat(new LocalSecretName("a".repeat(63)).text()).hasSize(63);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-a", "a-", "A", "a.b", "a/b", "../a", "a b", "a\n", "ä", "a_b"})
    void nothingElseIsAName(String text) {
        assertThatThrownBy(() -> new LocalSecretName(text)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new LocalSecretName("a".repeat(64))).isInstanceOf(IllegalArgumentException.class);
    }
}
