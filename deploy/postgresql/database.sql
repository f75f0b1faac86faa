-- As the superuser, once. The owner of the database needs no other right; its password is asked for by
-- \password, so that it is in no log.
CREATE ROLE wgw LOGIN;
\password wgw
CREATE DATABASE wgw OWNER wgw TEMPLATE template0 ENCODING 'UTF8';
REVOKE ALL ON DATABASE wgw FROM PUBLIC;
