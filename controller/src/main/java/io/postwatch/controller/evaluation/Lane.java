package io.postwatch.controller.evaluation;

/** Live results go first; what an outage left behind follows in its own lane. The number is stored. */
public enum Lane {
    LIVE(1),
    BACK_FILL(2);

    private final short number;

    Lane(int number) {
        this.number = (short) number;
    }

    short number() {
        return number;
    }

    static Lane ofNumber(short number) {
        for (Lane lane : values()) {
            if (lane.number == number) {
                return lane;
            }
        }
        throw new IllegalArgumentException("No lane has the number " + number);
    }
}
