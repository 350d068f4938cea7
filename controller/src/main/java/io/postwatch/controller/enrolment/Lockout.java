package io.postwatch.controller.enrolment;

/** Why an agent that is known and has proven its key is not let in; its operator reads the sentence in the agent's log. */
public enum Lockout {
    REVOKED("This agent was revoked; remove its state folder to enrol it as a new one"),
    REFUSED("An administrator refused this agent; remove its state folder and enrol it with a new token to ask again"),
    AWAITING_APPROVAL("This agent waits until an administrator has approved it in the console"),
    CLONED(
            "There are two copies of this agent's state folder, or its host was restored from a backup or a snapshot, and no"
                    + " copy is let in. Remove all of them, and make a replacement token on the agent's page in the console");

    private final String sentence;

    Lockout(String sentence) {
        this.sentence = sentence;
    }

    public String sentence() {
        return sentence;
    }
}
