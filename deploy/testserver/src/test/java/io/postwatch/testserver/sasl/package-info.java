/** Tests of the server's side of SASL against the exchanges the RFCs print. They use no network. */
@NullMarked
package io.postwatch.testserver.sasl;

import org.jspecify.annotations.NullMarked;
