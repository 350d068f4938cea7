/**
 * Names looked up the way a prober needs it: the machine's own resolvers and hosts file, asked anew in every run, with
 * bounds on what they may answer and a reason for everything that goes wrong. Called by {@code probe.net}, on the
 * thread of the run; keeps nothing but what the machine's two files say.
 */
@NullMarked
package io.postwatch.agent.probe.dns;

import org.jspecify.annotations.NullMarked;
