/** Tests of the way to a controller, and the proxies they need. */
@NullMarked
package io.postwatch.agent.link.channel;

import org.jspecify.annotations.NullMarked;
