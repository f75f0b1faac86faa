#include "CPostgreSQL.h"

const char *wgw_pq_state(const PGresult *result) { return PQresultErrorField(result, PG_DIAG_SQLSTATE); }

const char *wgw_pq_message(const PGresult *result)
{
    return PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
}

const char *wgw_pq_constraint(const PGresult *result)
{
    return PQresultErrorField(result, PG_DIAG_CONSTRAINT_NAME);
}
