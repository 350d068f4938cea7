package io.postwatch.controller.audit;

import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What is recorded when it is done. One more act is one more line here; the code stays for ever, as rows have it, and
 * its part before the dot is the kind of thing that the act is about.
 */
public enum Act {
    TENANT_SET_UP("tenant.set-up", "Set up {}"),
    OPERATOR_APPOINTED("operator.appointed", "Made {} an operator of the platform"),
    OPERATOR_DISMISSED("operator.dismissed", "Took the role of an operator from {}"),
    USER_SIGNED_IN("user.signed-in", "Signed in"),
    USER_SIGN_IN_FAILED("user.sign-in-failed", "Failed to sign in"),
    USER_SIGNED_OUT("user.signed-out", "Signed out"),
    ENROLMENT_TOKEN_CREATED("enrolment-token.created", "Made the enrolment token {}"),
    ENROLMENT_TOKEN_REVOKED("enrolment-token.revoked", "Revoked the enrolment token {}"),
    AGENT_ENROLLED("agent.enrolled", "Enrolled as the agent {}"),
    AGENT_ASKED_FOR_APPROVAL("agent.asked-for-approval", "Asked for approval as the agent {}"),
    AGENT_APPROVED("agent.approved", "Approved the agent {}"),
    AGENT_REFUSED("agent.refused", "Refused the agent {}"),
    AGENT_FORGOTTEN("agent.forgotten", "Forgot the agent {}, which nobody had approved"),
    AGENT_REPLACED("agent.replaced", "Took the place of the agent {}"),
    AGENT_CAME_AFTER_REPLACEMENT("agent.came-after-replacement", "Came as the agent {}, whose place another host has"),
    AGENT_CLONED("agent.cloned", "Locked the agent {}, of which there are two copies"),
    AGENT_RENEWED_EXPIRED("agent.renewed-expired", "Renewed the expired certificate of the agent {}"),
    AGENT_RENEWED_AHEAD("agent.renewed-ahead", "Renewed a certificate of the agent {} that the database did not know"),
    AGENT_RENAMED("agent.renamed", "Renamed an agent to {}"),
    AGENT_DRAINED("agent.drained", "Put the agent {} into maintenance"),
    AGENT_RESUMED("agent.resumed", "Took the agent {} back from maintenance"),
    AGENT_REVOKED("agent.revoked", "Revoked the agent {}"),
    AGENT_DELETED("agent.deleted", "Deleted the agent {}"),
    LOCATION_CREATED("location.created", "Made the location {}"),
    LOCATION_CHANGED("location.changed", "Changed the location {}"),
    LOCATION_OPENED("location.opened", "Opened the location {} to all tenants"),
    LOCATION_DELETED("location.deleted", "Deleted the location {}"),
    COMPONENT_CREATED("component.created", "Made the component {}"),
    COMPONENT_CHANGED("component.changed", "Changed the component {}"),
    COMPONENT_DELETED("component.deleted", "Deleted the component {}"),
    MONITOR_CREATED("monitor.created", "Made the monitor {}"),
    MONITOR_CHANGED("monitor.changed", "Changed the monitor {}"),
    MONITOR_CREDENTIAL_CHANGED("monitor.credential-changed", "Changed the credential of the monitor {}"),
    MONITOR_LOGIN_SUSPENDED("monitor.login-suspended", "Suspended the login of the monitor {}"),
    MONITOR_SUSPENDED_LOGIN_TESTED("monitor.suspended-login-tested", "Tested the suspended login of the monitor {}"),
    MONITOR_PAUSED("monitor.paused", "Paused the monitor {}"),
    MONITOR_RESUMED("monitor.resumed", "Resumed the monitor {}"),
    MONITOR_DELETED("monitor.deleted", "Deleted the monitor {}"),
    DOMAIN_PROOF_CLAIMED("domain-proof.claimed", "Claimed the domain {}"),
    DOMAIN_PROOF_PROVEN("domain-proof.proven", "Saw the record that proves the domain {}"),
    DOMAIN_PROOF_LAPSED("domain-proof.lapsed", "Took back the proof of the domain {}, whose record was gone for long"),
    DOMAIN_PROOF_WITHDRAWN("domain-proof.withdrawn", "Withdrew the claim to the domain {}"),
    DATA_KEY_ROTATION_BEGUN("data-key.rotation-begun", "Began to replace the data key by {}"),
    DATA_KEY_ROTATED("data-key.rotated", "Replaced the data key by {}"),
    KEK_ROTATED("kek.rotated", "Changed to the key-encryption key {}"),
    /** Written by {@code StoredKeys}, before anything else of the controller begins. */
    KEK_GIVEN_UP("kek.given-up", "Gave up what the key-encryption key {} wraps"),
    AUTHORITY_ROTATION_BEGUN("authority.rotation-begun", "Made the platform's next root {}"),
    AUTHORITY_ROOT_CHANGED("authority.root-changed", "Changed to the platform's root {}"),
    AUTHORITY_ROOT_RETIRED("authority.root-retired", "Retired the platform's former root {}"),
    AUDIT_EXPORTED("audit.exported", "Exported the audit record");

    private static final Pattern CODE = Pattern.compile("[a-z]+(-[a-z]+)*\\.[a-z]+(-[a-z]+)*");
    private static final String SUBJECT = "{}";
    private static final Map<String, Act> BY_CODE =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(Act::code, Function.identity()));

    private final String code;
    private final String sentence;

    /** @param sentence what was done, for people; {@code {}} stands for the name of what it was done to */
    Act(String code, String sentence) {
        this.code = code;
        this.sentence = sentence;
    }

    public String code() {
        return code;
    }

    /** The kind of thing that it is done to. */
    public String subjectKind() {
        return code.substring(0, code.indexOf('.'));
    }

    String sentence(String subjectName) {
        return sentence.replace(SUBJECT, subjectName);
    }

    /** What was done, for people. A newer release may have written codes that this one doesn't know. */
    static String sentence(String code, String subjectName) {
        Act act = BY_CODE.get(code);
        return act == null ? code + " " + subjectName : act.sentence(subjectName);
    }

    /** What is done by it, without saying to which. */
    String title() {
        return sentence.replace(SUBJECT, "…");
    }

    static boolean isCode(String text) {
        return CODE.matcher(text).matches();
    }
}
