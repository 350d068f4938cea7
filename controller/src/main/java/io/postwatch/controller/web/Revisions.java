package io.postwatch.controller.web;

import io.postwatch.controller.web.problem.ProblemCode;
import io.postwatch.controller.web.problem.ProblemException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Revisions as entity tags: {@code "7"}. */
public final class Revisions {
    private static final Pattern TAG = Pattern.compile("(?:W/)?\"([0-9]{1,18})\"");

    private Revisions() {}

    public static String etag(long revision) {
        return "\"" + revision + "\"";
    }

    /** Refuses a change of another revision than the caller has seen. Without {@code If-Match} any revision is meant. */
    public static void check(@Nullable String ifMatch, long revision) {
        if (ifMatch == null || ifMatch.strip().equals("*")) {
            return;
        }
        Matcher tag = TAG.matcher(ifMatch.strip());
        if (!tag.matches()) {
            throw ProblemException.invalidParameter(
                    "If-Match", "invalid", "If-Match is one entity tag as the ETag header gave it");
        }
        if (Long.parseLong(tag.group(1)) != revision) {
            throw ProblemException.of(
                    ProblemCode.REVISION_MISMATCH,
                    "Read it again, and change the newest state: revision " + revision + ".");
        }
    }
}
