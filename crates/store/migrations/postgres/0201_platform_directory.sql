-- Who is insured where: the nationally keyed hash of the ID number and the region, nothing else.
CREATE TABLE platform_directory (
    id_hash BYTEA   NOT NULL,
    region  BIGINT NOT NULL,
    PRIMARY KEY (id_hash, region)
);
