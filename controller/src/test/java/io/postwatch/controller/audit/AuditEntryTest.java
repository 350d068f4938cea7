package io.postwatch.controller.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postwatch.controller.shared.id.TenantId;
import java.util.Arrays;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class AuditEntryTest {
    @ParameterizedTest
    @EnumSource
    void everyActHasACodeOfItsOwn(Act act) {
        assertThat(Act.isCode(act.code())).as(act.code()).isTrue();
        assertThat(Arrays.stream(Act.values()).filter(other -> other.code().equals(act.code())))
                .hasSize(1);
        assertThat(act.code()).startsWith(act.subjectKind() + ".");
        assertThat(act.sentence("{}")).matches("[A-Z].*[^.]");
    }

    @Test
    void textsAreCutRatherThanRefused() {
        AuditEntry entry = entry("a\nb" + "n".repeat(1000)).with("note", "x".repeat(498) + "😀😀");

        assertThat(entry.subjectName()).startsWith("a b").endsWith("…").hasSize(RecordedText.MAX_NAME);
        assertThat(entry.details()).containsEntry("note", "x".repeat(498) + "…");
    }

    @Test
    void onlyAChangeIsADetail() {
        assertThat(entry("a").withChange("name", "a", "a").details()).isEmpty();
        assertThat(entry("a").withChange("name", "b", "a").details())
                .containsEntry("nameBefore", "b")
                .containsEntry("name", "a")
                .hasSize(2);
    }

    @Test
    void aDetailIsNamedInCamelCase() {
        AuditEntry entry = entry("a");

        assertThatThrownBy(() -> entry.with("Not this", "x")).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "plain            | \"plain\"",
                "say \"hi\", Bob  | \"say \"\"hi\"\", Bob\"",
                "=1+1             | \"'=1+1\"",
                "+49              | \"'+49\"",
                "-1               | \"'-1\"",
                "@SUM(A1)         | \"'@SUM(A1)\"",
                "a=b              | \"a=b\"",
                "name=x; =1+1     | \"name=x; '=1+1\"",
                "x;@SUM(A1);-1    | \"x;'@SUM(A1);'-1\"",
                "x; y=1           | \"x; y=1\"",
                "~~               | \"\"",
            })
    void aCellIsNeverAFormula(String text, String cell) {
        assertThat(ExportFormat.cell(text)).isEqualTo(cell);
    }

    @Test
    void aTabOrALineBreakBeginsNoFormulaEither() {
        assertThat(ExportFormat.cell("x\t=1\r\n+1\n@a")).isEqualTo("\"x\t'=1\r\n'+1\n'@a\"");
        assertThat(ExportFormat.cell("\t1")).isEqualTo("\"'\t1\"");
        assertThat(ExportFormat.cell("\t=1")).isEqualTo("\"'\t'=1\"");
    }

    private static AuditEntry entry(String subject) {
        return AuditEntry.by(Actor.SYSTEM, TenantId.PLATFORM, Act.MONITOR_CREATED, new UUID(1, 1), subject);
    }
}
