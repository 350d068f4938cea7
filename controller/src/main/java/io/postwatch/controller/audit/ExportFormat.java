package io.postwatch.controller.audit;

import io.postwatch.controller.web.problem.ProblemException;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** How the record is written for others to read: one line per entry. */
enum ExportFormat {
    /** RFC 4180, with a line of names first. */
    CSV("text/csv;charset=UTF-8;header=present") {
        @Override
        String heading() {
            return csv(List.of(
                    "id",
                    "at",
                    "actorKind",
                    "actorId",
                    "actorName",
                    "act",
                    "sentence",
                    "subjectKind",
                    "subjectId",
                    "subjectName",
                    "details",
                    "address"));
        }

        @Override
        String line(AuditEntryView entry, JsonMapper json) {
            return csv(List.of(
                    entry.id().toString(),
                    entry.at().toString(),
                    entry.actor().kind(),
                    text(entry.actor().id()),
                    entry.actor().name(),
                    entry.act(),
                    entry.sentence(),
                    entry.subject().kind(),
                    text(entry.subject().id()),
                    entry.subject().name(),
                    entry.details().entrySet().stream()
                            .map(detail -> detail.getKey() + "=" + detail.getValue())
                            .collect(Collectors.joining("; ")),
                    text(entry.address())));
        }
    },
    /** One JSON object per line, as the API gives it. */
    JSONL("application/jsonl") {
        @Override
        String heading() {
            return "";
        }

        @Override
        String line(AuditEntryView entry, JsonMapper json) {
            return json.writeValueAsString(entry) + "\n";
        }
    };

    private final String mediaType;

    ExportFormat(String mediaType) {
        this.mediaType = mediaType;
    }

    static ExportFormat of(String text) {
        return switch (text) {
            case "csv" -> CSV;
            case "jsonl" -> JSONL;
            // Any other text: the caller's mistake.
            default -> throw ProblemException.invalidParameter("format", "invalid", "format is csv or jsonl");
        };
    }

    String mediaType() {
        return mediaType;
    }

    /** What stands before the first entry. */
    abstract String heading();

    abstract String line(AuditEntryView entry, JsonMapper json);

    private static String text(@Nullable Object value) {
        return value == null ? "" : value.toString();
    }

    private static String csv(List<String> cells) {
        return cells.stream().map(ExportFormat::cell).collect(Collectors.joining(",", "", "\r\n"));
    }

    /** Where one begins: also after what some spreadsheets take for the end of a cell, whatever its quotes say. */
    private static final Pattern FORMULA = Pattern.compile("(^|[;\t\r\n] *)([=+@-])");

    /** A spreadsheet would reckon with what begins like a formula; with an apostrophe before it, it is a text. */
    static String cell(String text) {
        String harmless = FORMULA.matcher(text).replaceAll("$1'$2");
        boolean afterSpace = text.startsWith("\t") || text.startsWith("\r");
        return "\"" + (afterSpace ? "'" : "") + harmless.replace("\"", "\"\"") + "\"";
    }
}
