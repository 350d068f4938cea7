/** Tests of the failure codes and the page that explains them. */
@NullMarked
package io.postwatch.agent.probe.failure;

import org.jspecify.annotations.NullMarked;
