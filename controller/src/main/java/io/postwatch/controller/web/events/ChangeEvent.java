package io.postwatch.controller.web.events;

/**
 * What a browser is told: fetch this anew.
 *
 * @param type {@code monitor}, {@code result} (of a monitor), {@code location}, {@code agent}, {@code monitor-test},
 *     {@code component}, {@code enrolment-token}; {@code everything}, without an id, where events may have been left out
 */
record ChangeEvent(String type, String id, long revision) {
    static final ChangeEvent EVERYTHING = new ChangeEvent("everything", "", 0);
}
