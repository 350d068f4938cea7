package io.postwatch.controller.audit;

import io.postwatch.controller.scope.ActingMember;
import io.postwatch.controller.shared.id.TenantId;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What somebody does, as it is recorded.
 *
 * @param tenant whose record it belongs to; {@link TenantId#PLATFORM} for what concerns the whole installation
 * @param subject what it is done to; null where that has no id
 * @param subjectName as people know it at this time
 * @param details what else is worth knowing, in the order in which it is shown; never a secret
 * @param address from where, if over a network
 */
public record AuditEntry(
        TenantId tenant,
        Actor actor,
        Act act,
        @Nullable UUID subject,
        String subjectName,
        Map<String, String> details,
        @Nullable String address) {
    private static final int MAX_DETAILS = 16;
    private static final Pattern DETAIL = Pattern.compile("[a-z][A-Za-z0-9]{0,39}");

    public AuditEntry {
        subjectName = RecordedText.name(subjectName);
        Map<String, String> checked = new LinkedHashMap<>();
        details.forEach((name, value) -> {
            if (!DETAIL.matcher(name).matches()) {
                throw new IllegalArgumentException("A detail is named in camel case, not " + name);
            }
            checked.put(name, RecordedText.value(value));
        });
        if (checked.size() > MAX_DETAILS) {
            throw new IllegalArgumentException("An entry has at most " + MAX_DETAILS + " details");
        }
        details = Collections.unmodifiableMap(checked);
        address = address == null ? null : RecordedText.name(address);
    }

    /** What a member does in their tenant. */
    public static AuditEntry by(ActingMember member, Act act, @Nullable UUID subject, String subjectName) {
        return by(Actor.user(member.user(), member.email()), member.tenant(), act, subject, subjectName)
                .from(member.address());
    }

    public static AuditEntry by(Actor actor, TenantId tenant, Act act, @Nullable UUID subject, String subjectName) {
        return new AuditEntry(tenant, actor, act, subject, subjectName, Map.of(), null);
    }

    /** With one more detail. The name is a code in camel case; no value holds a secret. */
    public AuditEntry with(String name, Object value) {
        Map<String, String> more = new LinkedHashMap<>(details);
        more.put(name, value.toString());
        return new AuditEntry(tenant, actor, act, subject, subjectName, more, address);
    }

    /** With what it was before, where that is something else: as the detail {@code nameBefore} for the name {@code name}. */
    public AuditEntry withChange(String name, Object before, Object after) {
        return before.equals(after) ? this : with(name + "Before", before).with(name, after);
    }

    public AuditEntry from(String remoteAddress) {
        return new AuditEntry(tenant, actor, act, subject, subjectName, details, remoteAddress);
    }
}
