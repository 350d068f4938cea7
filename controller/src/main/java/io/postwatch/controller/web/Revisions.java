package io.postwatch.controller.web;

import io.postwatch.controller.web.problem.ProblemCode;
import io.postwatch.controller.web.problem.ProblemException;
import java.net.URI;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;

/** Revisions as entity tags: {@code "7"}; and the answers that carry one. */
public final class Revisions {
    private static final Pattern TAG = Pattern.compile("(?:W/)?\"([0-9]{1,18})\"");

    private Revisions() {}

    public static String etag(long revision) {
        return "\"" + revision + "\"";
    }

    /** What stands there, in this revision. */
    public static <T> ResponseEntity<T> answer(T body, long revision) {
        return ResponseEntity.ok().eTag(etag(revision)).body(body);
    }

    /** What was made, and where it stands from now on. */
    public static <T> ResponseEntity<T> created(String path, T body, long revision) {
        return ResponseEntity.created(URI.create(path)).eTag(etag(revision)).body(body);
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
