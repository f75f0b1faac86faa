#ifndef CPOSTGRESQL_H
#define CPOSTGRESQL_H

#include <postgresql/libpq-fe.h>

/* Fields of an error; NULL where the server did not send them. */
const char *wgw_pq_state(const PGresult *result);
const char *wgw_pq_message(const PGresult *result);
const char *wgw_pq_constraint(const PGresult *result);

#endif
