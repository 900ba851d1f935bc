"""Tables."""

from sqlalchemy import Column, ForeignKey, Integer, String
from sqlalchemy.orm import declarative_base, relationship

Base = declarative_base()


class Network(Base):
    __tablename__ = "networks"

    id = Column(String(36), primary_key=True)
    project_id = Column(String(36), index=True)
    name = Column(String(64))
    description = Column(String(255))
    mtu = Column(Integer, default=1500)
    revision = Column(Integer, default=0)
    ports = relationship("Port", back_populates="network", cascade="all, delete-orphan")


class Port(Base):
    __tablename__ = "ports"

    id = Column(String(36), primary_key=True)
    network_id = Column(String(36), ForeignKey("networks.id"))
    project_id = Column(String(36), index=True)
    mac_address = Column(String(17))
    ip_address = Column(String(45))
    device = Column(String(15))
    revision = Column(Integer, default=0)
    network = relationship("Network", back_populates="ports")
