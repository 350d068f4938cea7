package io.postwatch.controller.fleet;

/** What maintenance of an agent comes to, told to whoever asked for it. Pure. */
final class MaintenanceSentence {
    private MaintenanceSentence() {}

    /** @param others agents of the location that are connected and not in maintenance */
    static String drained(AgentView agent, int others) {
        boolean online = agent.state().equals(AgentState.ONLINE.code());
        if (others == 0 && !online) {
            return agent.name() + " is in maintenance. It is not connected, and no other agent of "
                    + agent.locationName() + " is at work: nothing runs from there, also once it connects, until it is"
                    + " taken back or another agent connects.";
        }
        if (others == 0) {
            return agent.name() + " is in maintenance. It was the last one at work: nothing runs from "
                    + agent.locationName() + " until it is taken back or another agent connects.";
        }
        String stays = agent.state().equals(AgentState.OFFLINE.code())
                ? " It is not connected: until it is, it goes on with what it last heard."
                : "";
        return agent.name() + " is in maintenance. Its checks run on "
                + (others == 1 ? "the other agent" : "the " + others + " other agents") + " of " + agent.locationName()
                + ", but for those that no other agent is able to run." + stays;
    }

    static String returned(AgentView agent) {
        return agent.state().equals(AgentState.ONLINE.code())
                ? agent.name() + " is back and runs its share of the checks of " + agent.locationName() + "."
                : agent.name() + " is out of maintenance and gets its share of the checks of " + agent.locationName()
                        + " once it connects.";
    }
}
