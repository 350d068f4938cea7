/**
 * Secrets that exist on this host only: the host's own configuration lists by name where each one is, and a name that it
 * doesn't list is never looked up anywhere. Asked by link, which opens the credentials of a run just before it.
 */
@NullMarked
package io.postwatch.agent.localsecret;

import org.jspecify.annotations.NullMarked;
