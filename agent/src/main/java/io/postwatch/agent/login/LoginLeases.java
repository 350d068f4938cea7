package io.postwatch.agent.login;

import io.postwatch.agent.assignment.SeriesId;
import java.time.Duration;

/** Who may log in at this moment: of all runs with one mailbox, wherever they go on, one. Called by the threads of runs. */
public interface LoginLeases {

    /** Where no controller can be asked. */
    LoginLeases NONE = new LoginLeases() {
        @Override
        public LoginTurn ask(SeriesId series, Duration lasting, Duration patience) {
            return new LoginTurn.Missed();
        }

        @Override
        public void giveBack(LoginTurn.Granted turn, LoginVerdict verdict) {
            throw new IllegalStateException("a lease comes back that was never given");
        }
    };

    /**
     * Asks whether a run of the series may log in; blocks until it may, until it is clear that it may not, or until the
     * patience is over.
     *
     * @param lasting how long the run may take
     */
    LoginTurn ask(SeriesId series, Duration lasting, Duration patience);

    /** The run is over, or does not begin. */
    void giveBack(LoginTurn.Granted turn, LoginVerdict verdict);
}
