package io.postwatch.controller.peers;

import static org.assertj.core.api.Assertions.assertThat;

import io.postwatch.controller.peers.Following.Row;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class FollowingTest {
    private static final UUID ONE = new UUID(0, 1);
    private static final UUID TWO = new UUID(0, 2);
    private static final PeerNote NOTE = new PeerNote("topic", "body");

    @Test
    void whatWasToldBeforeTheStartIsNotHeard() {
        Following following = Following.begin(Map.of(ONE, 7L), Set.of(ONE));

        assertThat(following.found(Set.of(ONE), Set.of(ONE)).next().through()).containsEntry(ONE, 7L);
    }

    @Test
    void rowsInOrderAreHeardAndNothingIsMissed() {
        Following.Step step = Following.begin(Map.of(ONE, 7L), Set.of(ONE)).read(List.of(row(ONE, 8), row(ONE, 9)));

        assertThat(step.heard()).containsExactly(NOTE, NOTE);
        assertThat(step.missed()).isFalse();
        assertThat(step.next().through()).containsEntry(ONE, 9L);
    }

    @Test
    void aHoleSaysThatSomethingIsMissing() {
        Following.Step step = Following.begin(Map.of(ONE, 7L), Set.of(ONE)).read(List.of(row(ONE, 9)));

        assertThat(step.missed()).isTrue();
        assertThat(step.heard()).containsExactly(NOTE);
    }

    @Test
    void eachControllerCountsForItself() {
        Following.Step step = Following.begin(Map.of(ONE, 7L, TWO, 3L), Set.of(ONE, TWO))
                .read(List.of(row(ONE, 8), row(TWO, 4), row(TWO, 5)));

        assertThat(step.missed()).isFalse();
        assertThat(step.next().through()).isEqualTo(Map.of(ONE, 8L, TWO, 5L));
    }

    @Test
    void oneThatCameSinceIsFollowedFromItsFirstRow() {
        Following.Step found = Following.begin(Map.of(), Set.of()).found(Set.of(ONE), Set.of(ONE));

        assertThat(found.missed()).isFalse();
        assertThat(found.next().read(List.of(row(ONE, 1))).missed()).isFalse();
        assertThat(found.next().read(List.of(row(ONE, 2))).missed()).isTrue();
    }

    @Test
    void oneThatDiedMayHaveTakenSomethingWithIt() {
        Following following = Following.begin(Map.of(ONE, 7L), Set.of(ONE));

        Following.Step died = following.found(Set.of(ONE), Set.of());

        assertThat(died.missed()).isTrue();
        assertThat(died.next().isAlone()).isTrue();
        assertThat(died.next().found(Set.of(ONE), Set.of()).missed()).isFalse();
    }

    @Test
    void oneThatLivesAgainIsFollowedFromWhereItWas() {
        Following dead = Following.begin(Map.of(ONE, 7L), Set.of(ONE))
                .found(Set.of(ONE), Set.of())
                .next();

        Following again = dead.found(Set.of(ONE), Set.of(ONE)).next();

        assertThat(again.isAlone()).isFalse();
        assertThat(again.read(List.of(row(ONE, 8))).missed()).isFalse();
    }

    @Test
    void oneThatIsForgottenAndComesBackHasAHole() {
        Following forgotten = Following.begin(Map.of(ONE, 7L), Set.of(ONE))
                .found(Set.of(), Set.of())
                .next();

        Following again = forgotten.found(Set.of(ONE), Set.of(ONE)).next();

        assertThat(again.read(List.of(row(ONE, 8))).missed()).isTrue();
    }

    private static Row row(UUID controller, long sequence) {
        return new Row(controller, sequence, List.of(NOTE));
    }
}
