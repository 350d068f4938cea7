package io.postwatch.agent.probe;

import io.postwatch.agent.probe.address.MailAddress;
import org.jspecify.annotations.Nullable;

/** What a check asks for in its protocol alone. */
public sealed interface ProtocolOptions {

    CheckType type();

    /**
     * Refuses what a run that stops there can't do.
     *
     * @param stop null: as far as is asked for
     * @throws IllegalArgumentException with a sentence that names the contradiction
     */
    void check(@Nullable StopPoint stop, boolean logsIn);

    /**
     * Of SMTP.
     *
     * @param recipient whom the server is asked whether it takes mail for; null: nobody
     */
    record Smtp(@Nullable MailAddress recipient) implements ProtocolOptions {

        @Override
        public CheckType type() {
            return CheckType.SMTP;
        }

        @Override
        public void check(@Nullable StopPoint stop, boolean logsIn) {
            refuse(stop == StopPoint.SELECT, "SMTP has no folders to stop at");
            refuse(stop == StopPoint.RCPT && recipient == null, "without a recipient a run can't stop after it");
        }
    }

    /**
     * Of IMAP.
     *
     * @param folder what is opened, read-only, after the login; null: nothing
     */
    record Imap(@Nullable Folder folder) implements ProtocolOptions {

        @Override
        public CheckType type() {
            return CheckType.IMAP;
        }

        @Override
        public void check(@Nullable StopPoint stop, boolean logsIn) {
            refuse(stop == StopPoint.RCPT, "IMAP has no recipients to stop at");
            refuse(stop == StopPoint.SELECT && folder == null, "without a folder a run can't stop after it");
            refuse(folder != null && !logsIn, "without a login no folder can be opened");
        }
    }

    /** Of POP3, which has none. */
    record Pop3() implements ProtocolOptions {

        @Override
        public CheckType type() {
            return CheckType.POP3;
        }

        @Override
        public void check(@Nullable StopPoint stop, boolean logsIn) {
            refuse(stop == StopPoint.RCPT || stop == StopPoint.SELECT, "POP3 has neither recipients nor folders");
        }
    }

    private static void refuse(boolean contradiction, String sentence) {
        if (contradiction) {
            throw new IllegalArgumentException(sentence);
        }
    }
}
