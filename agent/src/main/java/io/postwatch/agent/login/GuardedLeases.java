package io.postwatch.agent.login;

import io.postwatch.agent.assignment.SeriesId;
import java.time.Duration;
import java.util.Optional;

/**
 * The controller's leases, but for credentials that this agent itself leaves alone: they are given back unused. Safe for all
 * threads.
 */
public final class GuardedLeases implements LoginLeases {

    private final LoginLeases controller;
    private final LoginPauses pauses;

    public GuardedLeases(LoginLeases controller, LoginPauses pauses) {
        this.controller = controller;
        this.pauses = pauses;
    }

    @Override
    public LoginTurn ask(SeriesId series, Duration lasting, Duration patience) {
        LoginTurn turn = controller.ask(series, lasting, patience);
        return turn instanceof LoginTurn.Granted granted ? guarded(granted) : turn;
    }

    private LoginTurn guarded(LoginTurn.Granted granted) {
        Optional<LoginPause> pause = pauses.of(granted.credential());
        if (pause.isEmpty()) {
            return granted;
        }
        controller.giveBack(granted, LoginVerdict.NEITHER);
        return new LoginTurn.Withheld(pause.get().refusedAt(), pause.get().until());
    }

    @Override
    public void giveBack(LoginTurn.Granted turn, LoginVerdict verdict) {
        // First for oneself: whatever comes of the message, this agent does not try again.
        pauses.learn(turn.credential(), verdict);
        controller.giveBack(turn, verdict);
    }
}
